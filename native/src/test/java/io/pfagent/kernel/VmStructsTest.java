package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Tables of JVMs that are not here, laid out in memory as HotSpot lays them out. */
@EnabledOnOs(OS.LINUX)
final class VmStructsTest {

  private static final int STRUCT_STRIDE = 48;
  private static final int TYPE_STRIDE = 24;

  private final List<ByteBuffer> keptAlive = new ArrayList<>();
  private final Map<String, Long> symbols = new HashMap<>();
  private final List<long[]> fields = new ArrayList<>();
  private final List<long[]> types = new ArrayList<>();

  @Test
  void acceptsTheLayoutOf17And25() {
    field("JavaThread", "_osthread", "OSThread*", 560);
    field("OSThread", "_thread_id", "OSThread::thread_id_t", 208);
    type("JavaThread", 1200);
    type("OSThread", 216);
    type("OSThread::thread_id_t", 4);
    assertAvailable(true);

    clear();
    field("Thread", "_osthread", "OSThread*", 1016);
    field("OSThread", "_thread_id", "pid_t", 12);
    type("Thread", 1112);
    type("OSThread", 200);
    assertAvailable(true);
  }

  @Test
  void refusesAnotherTypeOfThread() {
    field("Thread", "_osthread", "char*", 1016);
    field("OSThread", "_thread_id", "pid_t", 12);
    type("Thread", 1112);
    type("OSThread", 200);
    assertAvailable(false);
  }

  @Test
  void refusesAnotherWidthOfThreadId() {
    field("Thread", "_osthread", "OSThread*", 1016);
    field("OSThread", "_thread_id", "OSThread::thread_id_t", 12);
    type("Thread", 1112);
    type("OSThread", 200);
    type("OSThread::thread_id_t", 8);
    assertAvailable(false);
  }

  @Test
  void refusesAnOffsetOutsideTheObject() {
    field("Thread", "_osthread", "OSThread*", 1016);
    field("OSThread", "_thread_id", "pid_t", 198);
    type("Thread", 1112);
    type("OSThread", 200);
    assertAvailable(false);
  }

  @Test
  void refusesAJvmWithoutTables() {
    HotSpotThreads threads = HotSpotThreads.of(new VmStructs(name -> 0));

    assertThat(threads.capability().available()).isFalse();
    assertThat(threads.capability().reason()).contains("gHotSpotVMStructs");
    assertThat(threads.osThreadId(1 << 20)).isZero();
  }

  @Test
  void survivesTablesThatPointNowhere() {
    HotSpotThreads threads = HotSpotThreads.of(new VmStructs(name -> 4096));

    assertThat(threads.capability().available()).isFalse();
  }

  @Test
  void staticFieldsHaveNoOffset() {
    field("Thread", "_osthread", "OSThread*", 1016);
    fields.get(0)[3] = 1;
    assertThat(structs().field("Thread", "_osthread")).isEmpty();
  }

  private void assertAvailable(boolean expected) {
    Capability capability = HotSpotThreads.of(structs()).capability();
    assertThat(capability.available()).as(capability.reason()).isEqualTo(expected);
  }

  private void clear() {
    fields.clear();
    types.clear();
  }

  private void field(String typeName, String fieldName, String typeString, long offset) {
    fields.add(new long[] {string(typeName), string(fieldName), string(typeString), 0, offset, 0});
  }

  private void type(String typeName, long size) {
    types.add(new long[] {string(typeName), 0, size});
  }

  private VmStructs structs() {
    variable("gHotSpotVMStructs", table(fields, STRUCT_STRIDE));
    variable("gHotSpotVMStructEntryTypeNameOffset", 0);
    variable("gHotSpotVMStructEntryFieldNameOffset", 8);
    variable("gHotSpotVMStructEntryTypeStringOffset", 16);
    variable("gHotSpotVMStructEntryIsStaticOffset", 24);
    variable("gHotSpotVMStructEntryOffsetOffset", 32);
    variable("gHotSpotVMStructEntryArrayStride", STRUCT_STRIDE);
    variable("gHotSpotVMTypes", table(types, TYPE_STRIDE));
    variable("gHotSpotVMTypeEntryTypeNameOffset", 0);
    variable("gHotSpotVMTypeEntrySizeOffset", 16);
    variable("gHotSpotVMTypeEntryArrayStride", TYPE_STRIDE);
    return new VmStructs(name -> symbols.getOrDefault(name, 0L));
  }

  /** The entries and, as the array's end, one of zeros. */
  private long table(List<long[]> entries, int stride) {
    ByteBuffer table = memory((entries.size() + 1) * stride);
    for (long[] entry : entries) {
      for (long member : entry) {
        table.putLong(member);
      }
    }
    return LibC.address(table);
  }

  private void variable(String name, long value) {
    symbols.put(name, LibC.address(memory(Long.BYTES).putLong(0, value)));
  }

  private long string(String text) {
    byte[] bytes = (text + '\0').getBytes(StandardCharsets.US_ASCII);
    return LibC.address(memory(bytes.length).put(0, bytes));
  }

  private ByteBuffer memory(int bytes) {
    ByteBuffer memory = LibC.newBuffer(bytes);
    keptAlive.add(memory);
    return memory;
  }
}
