package io.pfagent.kernel;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Settings of the kernel that reach beyond this process: changed, shared with other JVMs, and put
 * back. Today these are the words of {@code hugepages-<size>kB/enabled}
 * (Documentation/admin-guide/mm/transhuge.rst).
 *
 * <p>What a setting was stands in {@value #STATE_FILE} before it is changed, so that a process that
 * was killed leaves enough behind for {@link #restore()}; the folder is empty after a boot, as the
 * settings are. Several processes can hold one setting: the last to release it puts it back, and
 * leaves it alone if somebody else has changed it meanwhile. A lock file orders them.
 *
 * <p>Needs no JNA: the command line uses it too. Safe for several threads.
 */
public final class SystemSettings {

  /** Where the state is kept; see docs/preallocation.md for its format. */
  public static final String STATE_FILE = "/run/pfagent/settings";

  /** What a held setting is set to: the size is used where memory is advised, nowhere else. */
  private static final String HELD_WORD = "madvise";

  private static final int START_TICKS = 22;
  private static final long LOCK_WAIT_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long LOCK_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Path root;
  private final Path state;
  private final long pid;

  private SystemSettings(Path root, long pid) {
    this.root = root;
    this.state = root.resolve(STATE_FILE.substring(1));
    this.pid = pid;
  }

  /** Those of this machine, held in the name of this process. */
  public static SystemSettings ofThisMachine() {
    return new SystemSettings(Path.of("/"), ProcessHandle.current().pid());
  }

  /** Those of a tree that holds proc, sys and run, in the name of any process. */
  static SystemSettings of(Path root, long pid) {
    return new SystemSettings(root, pid);
  }

  /**
   * What became of a setting.
   *
   * @param setting its path below {@code /}
   * @param message for a person: from which word to which, or why it was left alone
   * @param settled whether pfagent has nothing left to do about it
   */
  public record Outcome(String setting, String message, boolean settled) {}

  /**
   * Lets anonymous memory of this size be used where it is advised, until {@link #release}.
   *
   * @param kilobytes the size, one of those that the kernel has
   * @return the word that stood there before anybody changed it
   * @throws IOException if it can't be written, or its state can't be kept; nothing is changed then
   */
  public String hold(long kilobytes) throws IOException {
    String setting = setting(kilobytes);
    return locked(
        held -> {
          String before = word(setting);
          held.originals().putIfAbsent(setting, before);
          HeldSettings.Holder self = new HeldSettings.Holder(pid, startTicks(pid), setting);
          if (!held.holders().contains(self)) {
            held.holders().add(self);
          }
          save(held);
          try {
            if (!before.equals(HELD_WORD)) {
              write(setting, HELD_WORD);
            }
          } catch (IOException refused) {
            drop(held, holder -> holder.equals(self));
            save(held);
            throw refused;
          }
          return held.originals().get(setting);
        });
  }

  /**
   * Why a size can't be held here.
   *
   * @return empty if it can
   */
  public String missing(long kilobytes) {
    Path file = root.resolve(setting(kilobytes));
    if (!Files.exists(file)) {
      return "this kernel has no " + file;
    }
    return Files.isWritable(file) ? "" : file + " may not be written by this user here";
  }

  /** Whether a size is as it is because a process holds it. */
  public boolean isHeld(long kilobytes) throws IOException {
    return Files.exists(state) && load().isHeld(setting(kilobytes));
  }

  /** Gives up one size; the last process to do so puts its word back. */
  public List<Outcome> release(long kilobytes) throws IOException {
    String setting = setting(kilobytes);
    return leave(holder -> holder.pid() == pid && holder.setting().equals(setting));
  }

  /** Gives up all that this process holds. */
  public List<Outcome> release() throws IOException {
    return leave(holder -> holder.pid() == pid);
  }

  /** Settings that ended processes have left changed and no living one holds. */
  public List<String> leftovers() throws IOException {
    if (!Files.exists(state)) {
      return List.of();
    }
    HeldSettings held = load();
    held.holders().removeIf(this::hasEnded);
    return held.originals().keySet().stream().filter(setting -> !held.isHeld(setting)).toList();
  }

  /**
   * Puts back what ended processes have left changed.
   *
   * @return one for each such setting; empty if there is none
   * @throws IOException if the state can't be read or locked
   */
  public List<Outcome> restore() throws IOException {
    return leftovers().isEmpty() ? List.of() : leave(this::hasEnded);
  }

  private List<Outcome> leave(Predicate<HeldSettings.Holder> leaving) throws IOException {
    if (!Files.exists(state)) {
      return List.of();
    }
    return locked(
        held -> {
          List<Outcome> outcomes = drop(held, leaving);
          save(held);
          return outcomes;
        });
  }

  /** Takes holders out, and puts back the settings that nobody holds any more. */
  private List<Outcome> drop(HeldSettings held, Predicate<HeldSettings.Holder> leaving) {
    held.holders().removeIf(leaving);
    Set<String> free = new LinkedHashSet<>(held.originals().keySet());
    free.removeIf(held::isHeld);
    List<Outcome> outcomes = new ArrayList<>();
    for (String setting : free) {
      Outcome outcome = putBack(setting, held.originals().get(setting));
      outcomes.add(outcome);
      if (outcome.settled()) {
        held.originals().remove(setting);
      }
    }
    return outcomes;
  }

  private Outcome putBack(String setting, String before) {
    try {
      String now = word(setting);
      if (now.equals(before)) {
        return new Outcome(setting, "is " + before + " already", true);
      }
      if (!now.equals(HELD_WORD)) {
        return new Outcome(
            setting, "left at " + now + ", to which somebody else has set it meanwhile", true);
      }
      write(setting, before);
      return new Outcome(setting, HELD_WORD + " -> " + before, true);
    } catch (IOException failure) {
      return new Outcome(setting, "could not be set to " + before + ": " + failure, false);
    }
  }

  private interface Change<T> {
    T apply(HeldSettings held) throws IOException;
  }

  /** One at a time: within this JVM by the monitor, among processes by the lock on a file. */
  private <T> T locked(Change<T> change) throws IOException {
    synchronized (SystemSettings.class) {
      Path lockFile = state.resolveSibling("lock");
      Files.createDirectories(
          state.getParent(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
      try (FileChannel channel =
              FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = lock(channel, lockFile)) {
        if (!lock.isValid()) {
          throw new IOException("the lock on " + lockFile + " was lost");
        }
        return change.apply(load());
      }
    }
  }

  /** Held for less than a millisecond by whoever works; not for ever by one that is stopped. */
  private static FileLock lock(FileChannel channel, Path file) throws IOException {
    long start = System.nanoTime();
    FileLock lock = channel.tryLock();
    while (lock == null) {
      if (System.nanoTime() - start > LOCK_WAIT_NANOS) {
        throw new IOException(file + " is locked by another process that doesn't go on");
      }
      LockSupport.parkNanos(LOCK_RETRY_NANOS);
      lock = channel.tryLock();
    }
    return lock;
  }

  private HeldSettings load() throws IOException {
    if (!Files.exists(state)) {
      return HeldSettings.none();
    }
    try {
      return HeldSettings.parse(Files.readString(state));
    } catch (IllegalArgumentException unreadable) {
      throw new IOException(
          state
              + " is none of pfagent's: "
              + unreadable.getMessage()
              + "; look at it, put back what it names, and delete it",
          unreadable);
    }
  }

  /** A reader sees the state before or after, never half of it. */
  private void save(HeldSettings held) throws IOException {
    if (held.isEmpty()) {
      Files.deleteIfExists(state);
      return;
    }
    Path next = state.resolveSibling("settings.next");
    Files.writeString(next, held.format());
    Files.move(next, state, StandardCopyOption.ATOMIC_MOVE);
  }

  private String word(String setting) throws IOException {
    Path file = root.resolve(setting);
    String word = KernelSettings.selected(Optional.of(Files.readString(file)));
    if (word.isEmpty()) {
      throw new IOException(file + " has no selected word");
    }
    return word;
  }

  private void write(String setting, String word) throws IOException {
    Files.write(
        root.resolve(setting),
        word.getBytes(StandardCharsets.US_ASCII),
        StandardOpenOption.WRITE,
        StandardOpenOption.TRUNCATE_EXISTING);
  }

  private boolean hasEnded(HeldSettings.Holder holder) {
    return startTicks(holder.pid()) != holder.startTicks();
  }

  /** When a process began, in clock ticks since the boot; -1 if there is none of this id. */
  private long startTicks(long process) {
    String stat = SmallFile.read(root.resolve("proc/" + process + "/stat")).orElse("");
    // The command, in brackets, may hold anything; the third field follows the last bracket.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
    int at = START_TICKS - 3;
    return fields.length > at ? Long.parseLong(fields[at]) : -1;
  }

  private static String setting(long kilobytes) {
    return "sys/kernel/mm/transparent_hugepage/hugepages-" + kilobytes + "kB/enabled";
  }
}
