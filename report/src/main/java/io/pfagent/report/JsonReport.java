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
  private final JsonFields fields;

  private JsonReport(Summary summary, JsonGenerator json) {
    this.summary = summary;
    this.json = json;
    this.fields = new JsonFields(json);
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
    JsonSamples.write(summary.samples(), json);
    sites();
    regions();
    touches();
    threads();
    JsonVerdicts.write(summary.verdicts(), json);
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
    fields.text("file", summary.file().path());
    fields.number("sizeBytes", summary.file().bytes());
    fields.number("readBytes", summary.file().readBytes());
    json.writeBooleanField("complete", summary.file().isWhole());
    fields.number("events", summary.events());
    fields.number("lostBytes", summary.lostBytes());
    fields.text("start", Instant.EPOCH.plusNanos(summary.span().startNanos()).toString());
    fields.number("durationNanos", summary.span().nanos());
    json.writeEndObject();
  }

  private void jvm() throws IOException {
    Environment.Jvm jvm = summary.environment().jvm();
    if (jvm == null) {
      json.writeNullField("jvm");
      return;
    }
    json.writeObjectFieldStart("jvm");
    fields.text("version", jvm.version());
    fields.number("pid", jvm.pid());
    json.writeEndObject();
  }

  private void kernel() throws IOException {
    Environment.Kernel kernel = summary.environment().kernel();
    if (kernel == null) {
      json.writeNullField("kernel");
      return;
    }
    json.writeObjectFieldStart("kernel");
    fields.text("release", kernel.release());
    fields.number("pageSizeBytes", kernel.pageSizeBytes());
    fields.number("multiPageAllocPages", kernel.multiPageAlloc());
    fields.text("thp", kernel.thp());
    fields.text("mthp", kernel.mthp());
    fields.number("faultAroundBytes", kernel.faultAroundBytes());
    fields.number("overcommit", kernel.overcommit());
    fields.number("perfParanoid", kernel.perfParanoid());
    fields.number("memoryLimitBytes", kernel.memoryLimitBytes());
    json.writeEndObject();
  }

  private void calibrations() throws IOException {
    json.writeArrayFieldStart("calibrations");
    for (Environment.Calibration calibration : summary.environment().calibrations()) {
      json.writeStartObject();
      fields.text("operation", calibration.operation());
      fields.number("pages", calibration.pages());
      fields.text("pattern", calibration.pattern());
      fields.number("costNanos", calibration.costNanos());
      fields.number("samples", calibration.samples());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void process() throws IOException {
    json.writeObjectFieldStart("process");
    json.writeBooleanField("recordedFromStart", summary.process().isRecordedFromStart());
    counters("whileRecorded", summary.process().whileRecorded());
    counters("sinceStart", summary.process().sinceStart());
    fields.number("residentBytes", summary.process().residentBytes());
    fields.number("regionFaultsWhileRecorded", summary.regionFaults());
    fields.number("unmeasuredEvents", summary.unmeasured());
    json.writeEndObject();
  }

  private void counters(String name, FaultCounters counters) throws IOException {
    if (counters == null) {
      json.writeNullField(name);
      return;
    }
    json.writeObjectFieldStart(name);
    fields.number("minorFaults", counters.minorFaults());
    fields.number("majorFaults", counters.majorFaults());
    fields.number("userFaults", counters.userFaults());
    fields.number("kernelFaults", counters.kernelFaults());
    fields.number("unattributedFaults", counters.unattributedFaults());
    fields.number("restedFaults", counters.restedFaults());
    fields.number("faultTimeNanos", counters.faultTimeNanos());
    json.writeEndObject();
  }

  private void sites() throws IOException {
    fields.startRanking("sites", summary.sites());
    for (SiteTotals site : summary.sites().rows()) {
      json.writeStartObject();
      fields.text("site", site.site());
      fields.number("regions", site.regions());
      fields.number("sizeBytes", site.bytes());
      fields.number("liveRegions", site.liveRegions());
      fields.number("liveBytes", site.liveBytes());
      fields.number("allocationFaults", site.allocationFaults());
      fields.number("touchFaults", site.touchFaults());
      fields.number("faultTimeNanos", site.faultTimeNanos());
      fields.number("faultsWhileRecorded", site.coveredFaults());
      json.writeEndObject();
    }
    fields.endRanking();
  }

  private void regions() throws IOException {
    fields.startRanking("regions", summary.regions());
    for (RegionRow region : summary.regions().rows()) {
      json.writeStartObject();
      fields.number("regionId", region.regionId());
      fields.text("kind", region.kind());
      fields.number("address", region.address());
      fields.number("sizeBytes", region.sizeBytes());
      fields.number("residentBytes", region.residentBytes());
      fields.number("hugeBytes", region.hugeBytes());
      fields.number("unusedBytes", region.unusedBytes());
      fields.number("allocationFaults", region.allocationFaults());
      fields.number("touchFaults", region.touchFaults());
      fields.number("faults", region.faults());
      fields.number("faultTimeNanos", region.faultTimeNanos());
      json.writeBooleanField("freed", region.freed());
      fields.number("lifetimeNanos", region.lifetimeNanos());
      fields.number("preallocPages", region.preallocPages());
      fields.text("zeroing", region.zeroing());
      fields.text("site", region.site());
      fields.text("path", region.path());
      json.writeEndObject();
    }
    fields.endRanking();
  }

  private void touches() throws IOException {
    fields.startRanking("touches", summary.touches());
    for (TouchTotals.Row touch : summary.touches().rows()) {
      json.writeStartObject();
      fields.text("operation", touch.operation());
      fields.text("method", touch.method());
      fields.text("site", touch.site());
      fields.number("events", touch.events());
      fields.number("touchedBytes", touch.bytes());
      fields.number("minorFaults", touch.minorFaults());
      fields.number("majorFaults", touch.majorFaults());
      fields.number("faultTimeNanos", touch.faultTimeNanos());
      json.writeEndObject();
    }
    fields.endRanking();
  }

  private void threads() throws IOException {
    fields.startRanking("threads", summary.threads());
    for (ThreadTotals.Row thread : summary.threads().rows()) {
      json.writeStartObject();
      fields.text("name", thread.name());
      fields.number("osThreadId", thread.osThreadId());
      fields.number("minorFaults", thread.minorFaults());
      fields.number("majorFaults", thread.majorFaults());
      fields.number("faultsWhileRecorded", thread.faultsWhileRecorded());
      fields.number("userTimeNanos", thread.userTimeNanos());
      fields.number("systemTimeNanos", thread.systemTimeNanos());
      fields.number("voluntarySwitches", thread.voluntarySwitches());
      fields.number("involuntarySwitches", thread.involuntarySwitches());
      fields.number("readCalls", thread.readCalls());
      fields.number("writeCalls", thread.writeCalls());
      json.writeEndObject();
    }
    fields.endRanking();
  }

  private void capabilities() throws IOException {
    json.writeArrayFieldStart("capabilities");
    for (Environment.Capability capability : summary.environment().capabilities()) {
      json.writeStartObject();
      fields.text("name", capability.name());
      json.writeBooleanField("available", capability.available());
      fields.text("reason", capability.reason());
      fields.text("fallback", capability.fallback());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
