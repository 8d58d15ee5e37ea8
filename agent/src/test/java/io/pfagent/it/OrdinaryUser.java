package io.pfagent.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Runs a command as {@code nobody}, to see what one without privileges sees. */
final class OrdinaryUser {

  private static final String NOBODY = "65534";

  private OrdinaryUser() {}

  /** Skips the test, saying so, where another user can't be had or can't read the build. */
  static void assume() throws IOException {
    assumeTrue(isRoot(), "skipped: to become an ordinary user takes root");
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/setpriv")), "skipped: setpriv is not installed");
    assumeTrue(
        canReach(ForkedJvm.AGENT_JAR), "skipped: an ordinary user can't read " + ForkedJvm.ROOT);
  }

  static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  static String[] command() {
    return new String[] {
      "setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--inh-caps=-all"
    };
  }

  /** JUnit's folders are their owner's alone. */
  static void letIn(Path folder) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
    permissions.add(PosixFilePermission.OTHERS_EXECUTE);
    permissions.add(PosixFilePermission.OTHERS_READ);
    Files.setPosixFilePermissions(folder, permissions);
  }

  private static boolean canReach(Path file) throws IOException {
    for (Path part = file.getParent(); part != null; part = part.getParent()) {
      if (!Files.getPosixFilePermissions(part, LinkOption.NOFOLLOW_LINKS)
          .contains(PosixFilePermission.OTHERS_EXECUTE)) {
        return false;
      }
    }
    return true;
  }
}
