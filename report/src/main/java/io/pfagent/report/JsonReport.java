package io.pfagent.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.Writer;
import java.time.Instant;

/**
 * Writes a summary for programs. Names carry their unit and stay as they are while {@link
 * #SCHEMA_VERSION} does; fields may be added. What is unknown is null. Every {@code faultTimeNanos}
 * is an estimate.
 */
final class JsonReport {

  static final int SCHEMA_VERSION = 1;

  private final Summary summary;
  private final JsonGenerator json;

  private JsonReport(Summary summary, JsonGenerator json) {
    this.summary = summary;
    this.json = json;
  }

  /** Writes to {@code out} and leaves it open. */
  static void write(Summary summary, Writer out) throws IOException {
    JsonFactory factory =
        JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    try (JsonGenerator json = factory.createGenerator(out)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      new JsonReport(summary, json).write();
      json.writeRaw('\n');
    }
  }

  private void write() throws IOException {
    json.writeStartObject();
    json.writeNumberField("schemaVersion", SCHEMA_VERSION);
    recording();
    jvm();
    kernel();
    calibrations();
    process();
    sites();
    regions();
    touches();
    threads();
    capabilities();
    json.writeArrayFieldStart("suggestions");
    for (String suggestion : summary.suggestions()) {
      json.writeString(suggestion);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void recording() throws IOException {
    json.writeObjectFieldStart("recording");
    text("file", summary.file().path());
    number("sizeBytes", summary.file().bytes());
    number("readBytes", summary.file().readBytes());
    json.writeBooleanField("complete", summary.file().isWhole());
    number("events", summary.events());
    number("lostBytes", summary.lostBytes());
    text("start", Instant.EPOCH.plusNanos(summary.span().startNanos()).toString());
    number("durationNanos", summary.span().nanos());
    json.writeEndObject();
  }

  private void jvm() throws IOException {
    Environment.Jvm jvm = summary.environment().jvm();
    if (jvm == null) {
      json.writeNullField("jvm");
      return;
    }
    json.writeObjectFieldStart("jvm");
    text("version", jvm.version());
    number("pid", jvm.pid());
    json.writeEndObject();
  }

  private void kernel() throws IOException {
    Environment.Kernel kernel = summary.environment().kernel();
    if (kernel == null) {
      json.writeNullField("kernel");
      return;
    }
    json.writeObjectFieldStart("kernel");
    text("release", kernel.release());
    number("pageSizeBytes", kernel.pageSizeBytes());
    number("multiPageAllocPages", kernel.multiPageAlloc());
    text("thp", kernel.thp());
    text("mthp", kernel.mthp());
    number("faultAroundBytes", kernel.faultAroundBytes());
    number("overcommit", kernel.overcommit());
    number("perfParanoid", kernel.perfParanoid());
    number("memoryLimitBytes", kernel.memoryLimitBytes());
    json.writeEndObject();
  }

  private void calibrations() throws IOException {
    json.writeArrayFieldStart("calibrations");
    for (Environment.Calibration calibration : summary.environment().calibrations()) {
      json.writeStartObject();
      text("operation", calibration.operation());
      number("pages", calibration.pages());
      text("pattern", calibration.pattern());
      number("costNanos", calibration.costNanos());
      number("samples", calibration.samples());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void process() throws IOException {
    json.writeObjectFieldStart("process");
    json.writeBooleanField("recordedFromStart", summary.process().isRecordedFromStart());
    counters("whileRecorded", summary.process().whileRecorded());
    counters("sinceStart", summary.process().sinceStart());
    number("residentBytes", summary.process().residentBytes());
    number("regionFaultsWhileRecorded", summary.regionFaults());
    number("unmeasuredEvents", summary.unmeasured());
    json.writeEndObject();
  }

  private void counters(String name, FaultCounters counters) throws IOException {
    if (counters == null) {
      json.writeNullField(name);
      return;
    }
    json.writeObjectFieldStart(name);
    number("minorFaults", counters.minorFaults());
    number("majorFaults", counters.majorFaults());
    number("userFaults", counters.userFaults());
    number("kernelFaults", counters.kernelFaults());
    number("unattributedFaults", counters.unattributedFaults());
    number("faultTimeNanos", counters.faultTimeNanos());
    json.writeEndObject();
  }

  private void sites() throws IOException {
    startRanking("sites", summary.sites());
    for (SiteTotals site : summary.sites().rows()) {
      json.writeStartObject();
      text("site", site.site());
      number("regions", site.regions());
      number("sizeBytes", site.bytes());
      number("liveRegions", site.liveRegions());
      number("liveBytes", site.liveBytes());
      number("allocationFaults", site.allocationFaults());
      number("touchFaults", site.touchFaults());
      number("faultTimeNanos", site.faultTimeNanos());
      number("faultsWhileRecorded", site.coveredFaults());
      json.writeEndObject();
    }
    endRanking();
  }

  private void regions() throws IOException {
    startRanking("regions", summary.regions());
    for (RegionRow region : summary.regions().rows()) {
      json.writeStartObject();
      number("regionId", region.regionId());
      text("kind", region.kind());
      number("address", region.address());
      number("sizeBytes", region.sizeBytes());
      number("residentBytes", region.residentBytes());
      number("hugeBytes", region.hugeBytes());
      number("allocationFaults", region.allocationFaults());
      number("touchFaults", region.touchFaults());
      number("faults", region.faults());
      number("faultTimeNanos", region.faultTimeNanos());
      json.writeBooleanField("freed", region.freed());
      number("lifetimeNanos", region.lifetimeNanos());
      number("preallocPages", region.preallocPages());
      text("zeroing", region.zeroing());
      text("site", region.site());
      text("path", region.path());
      json.writeEndObject();
    }
    endRanking();
  }

  private void touches() throws IOException {
    startRanking("touches", summary.touches());
    for (TouchTotals.Row touch : summary.touches().rows()) {
      json.writeStartObject();
      text("operation", touch.operation());
      text("method", touch.method());
      text("site", touch.site());
      number("events", touch.events());
      number("touchedBytes", touch.bytes());
      number("minorFaults", touch.minorFaults());
      number("majorFaults", touch.majorFaults());
      number("faultTimeNanos", touch.faultTimeNanos());
      json.writeEndObject();
    }
    endRanking();
  }

  private void threads() throws IOException {
    startRanking("threads", summary.threads());
    for (ThreadTotals.Row thread : summary.threads().rows()) {
      json.writeStartObject();
      text("name", thread.name());
      number("osThreadId", thread.osThreadId());
      number("minorFaults", thread.minorFaults());
      number("majorFaults", thread.majorFaults());
      number("faultsWhileRecorded", thread.faultsWhileRecorded());
      number("userTimeNanos", thread.userTimeNanos());
      number("systemTimeNanos", thread.systemTimeNanos());
      number("voluntarySwitches", thread.voluntarySwitches());
      number("involuntarySwitches", thread.involuntarySwitches());
      number("readCalls", thread.readCalls());
      number("writeCalls", thread.writeCalls());
      json.writeEndObject();
    }
    endRanking();
  }

  private void capabilities() throws IOException {
    json.writeArrayFieldStart("capabilities");
    for (Environment.Capability capability : summary.environment().capabilities()) {
      json.writeStartObject();
      text("name", capability.name());
      json.writeBooleanField("available", capability.available());
      text("reason", capability.reason());
      text("fallback", capability.fallback());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void startRanking(String name, Ranking<?> ranking) throws IOException {
    json.writeObjectFieldStart(name);
    number("total", ranking.total());
    json.writeArrayFieldStart("top");
  }

  private void endRanking() throws IOException {
    json.writeEndArray();
    json.writeEndObject();
  }

  private void number(String name, long value) throws IOException {
    if (value < 0) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, value);
    }
  }

  private void text(String name, String value) throws IOException {
    json.writeStringField(name, value);
  }
}
