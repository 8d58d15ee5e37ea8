package io.pfagent.report;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** The agent's events, as the report knows them: same names, same types. */
final class Events {

  private Events() {}

  @Category("Page Faults")
  abstract static class PageFaultEvent extends Event {}

  @Name("pfagent.RegionAllocation")
  static final class RegionAllocation extends PageFaultEvent {
    long regionId;
    String kind = "direct-buffer";
    long address = 0x7f00_0000_1000L;
    long size;
    String path;
    long minorFaults;
    long majorFaults;
    @Timespan long faultTime;
    long preallocPages = 1;
    String zeroing = "jdk";
  }

  @Name("pfagent.RegionFree")
  @StackTrace(false)
  static final class RegionFree extends PageFaultEvent {
    long regionId;
    String kind = "direct-buffer";
    long address = 0x7f00_0000_1000L;
    long size;
    @Timespan long lifetime;
    long minorFaults;
    long majorFaults;
    @Timespan long faultTime;
  }

  @Name("pfagent.RegionTouch")
  static final class RegionTouch extends PageFaultEvent {
    long regionId;
    String operation = "set";
    String method = "jdk.internal.misc.Unsafe.setMemory";
    long bytes;
    long minorFaults;
    long majorFaults;
    @Timespan long faultTime;
  }

  @Name("pfagent.RegionStatistics")
  @StackTrace(false)
  static final class RegionStatistics extends PageFaultEvent {
    long regionId;
    String kind = "direct-buffer";
    long address = 0x7f00_0000_1000L;
    long size;
    long residentBytes = -1;
    long hugeBytes = -1;
    long minorFaults;
    long majorFaults;
    @Timespan long faultTime;
    String site;
  }

  @Name("pfagent.ThreadFaults")
  @StackTrace(false)
  static final class ThreadFaults extends PageFaultEvent {
    Thread target;
    long osThreadId;
    String osName;
    long minorFaults;
    long majorFaults;
    @Timespan long userTime;
    @Timespan long systemTime;
    long voluntarySwitches;
    long involuntarySwitches;
    long readCalls = -1;
    long writeCalls = -1;
  }

  @Name("pfagent.ProcessFaults")
  @StackTrace(false)
  static final class ProcessFaults extends PageFaultEvent {
    long minorFaults;
    long majorFaults;
    long userFaults = -1;
    long kernelFaults = -1;
    long unattributedFaults = -1;
    long restedFaults = -1;
    long residentBytes;
    @Timespan long faultTime;
  }

  @Name("pfagent.KernelSettings")
  @StackTrace(false)
  static final class KernelSettings extends PageFaultEvent {
    String kernel = "6.18.0";
    long pageSize = 4096;
    long multiPageAlloc;
    String thp = "always [madvise] never";
    String mthp;
    long faultAroundBytes = 65536;
    int overcommit;
    int perfParanoid = 2;
    long memoryLimit = -1;
  }

  @Name("pfagent.Capability")
  @StackTrace(false)
  static final class Capability extends PageFaultEvent {
    String name;
    boolean available;
    String reason;
    String fallback;
  }

  @Name("pfagent.CostCalibration")
  @StackTrace(false)
  static final class CostCalibration extends PageFaultEvent {
    String operation = "minor fault";
    long pages = 1;
    String pattern = "sequential";
    @Timespan long cost;
    long samples;
  }

  /** What an older agent may have written: most fields are missing, one has another type. */
  @Name("pfagent.RegionAllocation")
  static final class OldRegionAllocation extends PageFaultEvent {
    long regionId;
    String size = "large";
  }

  /** An event that this report does not know. */
  @Name("pfagent.Unheard")
  static final class Unheard extends PageFaultEvent {}

  /** What JFR itself writes when its buffers are full. */
  @Name("jdk.DataLoss")
  @StackTrace(false)
  static final class DataLoss extends Event {
    long amount;
  }
}
