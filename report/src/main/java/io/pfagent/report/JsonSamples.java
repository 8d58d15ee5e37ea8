package io.pfagent.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;

/** Writes what the samples say, as the field {@code samples}. */
final class JsonSamples {

  private final SampleSummary samples;
  private final JsonGenerator json;
  private final JsonFields fields;

  private JsonSamples(SampleSummary samples, JsonGenerator json) {
    this.samples = samples;
    this.json = json;
    this.fields = new JsonFields(json);
  }

  static void write(SampleSummary samples, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("samples");
    JsonSamples writer = new JsonSamples(samples, json);
    writer.quality();
    writer.account();
    writer.kinds();
    writer.sites();
    writer.regions();
    writer.majors();
    json.writeEndObject();
  }

  private void quality() throws IOException {
    SampleQuality quality = samples.quality();
    fields.number("samples", quality.samples());
    fields.number("faults", quality.faults());
    fields.number("smallestPeriod", quality.smallestPeriod());
    fields.number("largestPeriod", quality.largestPeriod());
    counts("stackStates", quality.stackStates());
    fields.number("lostSamples", quality.lostSamples());
    counts("lostByReason", quality.lostByReason());
  }

  private void counts(String name, Map<String, Long> counts) throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, Long> count : counts.entrySet()) {
      fields.number(count.getKey(), count.getValue());
    }
    json.writeEndObject();
  }

  private void account() throws IOException {
    FaultAccount account = samples.account();
    json.writeObjectFieldStart("account");
    fields.number("allFaults", account.allFaults());
    fields.number("majorFaults", account.majorFaults());
    fields.number("userFaults", account.userFaults());
    fields.number("kernelFaults", account.kernelFaults());
    fields.number("unsampledFaults", account.unsampledFaults());
    fields.number("restedFaults", account.restedFaults());
    fields.number("unattributedFaults", account.unattributedFaults());
    json.writeEndObject();
  }

  private void kinds() throws IOException {
    json.writeArrayFieldStart("kinds");
    for (KindTotals.Row kind : samples.kinds()) {
      json.writeStartObject();
      fields.text("kind", kind.kind());
      fields.number("userFaults", kind.userFaults());
      fields.number("kernelFaults", kind.kernelFaults());
      fields.number("majorFaults", kind.majorFaults());
      fields.number("reservedBytes", kind.reservedBytes());
      fields.number("residentBytes", kind.residentBytes());
      fields.number("hugeBytes", kind.hugeBytes());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void sites() throws IOException {
    fields.startRanking("sites", samples.sites());
    for (FaultSites.Row site : samples.sites().rows()) {
      json.writeStartObject();
      fields.text("method", site.method());
      fields.text("application", site.application());
      fields.text("kind", site.kind());
      fields.number("samples", site.samples());
      fields.number("faults", site.faults());
      fields.number("majorFaults", site.majorFaults());
      fields.number("faultTimeNanos", site.faultTimeNanos());
      json.writeEndObject();
    }
    fields.endRanking();
  }

  private void regions() throws IOException {
    fields.startRanking("regions", samples.regions());
    for (SampledRegion region : samples.regions().rows()) {
      json.writeStartObject();
      fields.number("regionId", region.regionId());
      fields.text("kind", region.kind());
      fields.number("sizeBytes", region.sizeBytes());
      fields.number("faults", region.faults());
      fields.number("preallocPages", region.preallocPages());
      fields.text("where", region.pattern().where());
      fields.text("order", region.pattern().order());
      fields.number("stridePages", region.pattern().stridePages());
      json.writeArrayFieldStart("faultsBySixteenth");
      for (long part : region.pattern().parts()) {
        json.writeNumber(part);
      }
      json.writeEndArray();
      fields.text("site", region.site());
      fields.text("path", region.path());
      json.writeEndObject();
    }
    fields.endRanking();
  }

  private void majors() throws IOException {
    fields.startRanking("majorFaults", samples.majors());
    for (MajorFaults.Row file : samples.majors().rows()) {
      json.writeStartObject();
      fields.text("file", file.file());
      fields.text("kind", file.kind());
      fields.number("regions", file.regions());
      fields.number("faults", file.faults());
      json.writeEndObject();
    }
    fields.endRanking();
  }
}
