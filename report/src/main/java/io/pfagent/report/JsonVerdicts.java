package io.pfagent.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;

/** Writes what changes of the preallocation brought, as the field {@code preallocation}. */
final class JsonVerdicts {

  private final JsonGenerator json;
  private final JsonFields fields;

  private JsonVerdicts(JsonGenerator json) {
    this.json = json;
    this.fields = new JsonFields(json);
  }

  static void write(Verdicts verdicts, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("preallocation");
    JsonVerdicts writer = new JsonVerdicts(json);
    writer.fields.number("changes", verdicts.changes());
    json.writeArrayFieldStart("judged");
    for (Verdict verdict : verdicts.judged()) {
      writer.verdict(verdict);
    }
    json.writeEndArray();
    writer.fields.startRanking("withoutEffect", verdicts.withoutEffect());
    for (Change change : verdicts.withoutEffect().rows()) {
      json.writeStartObject();
      writer.change(change);
      json.writeEndObject();
    }
    writer.fields.endRanking();
    json.writeEndObject();
  }

  private void verdict(Verdict verdict) throws IOException {
    json.writeStartObject();
    change(verdict.change());
    spread("residentBytesBefore", verdict.residentBefore());
    spread("residentBytesAfter", verdict.residentAfter());
    spread("unusedBytesAfter", verdict.unusedAfter());
    fields.startRanking("works", verdict.works());
    for (Comparison work : verdict.works().rows()) {
      work(work);
    }
    fields.endRanking();
    json.writeEndObject();
  }

  private void change(Change change) throws IOException {
    fields.text("time", Instant.EPOCH.plusNanos(change.nanos()).toString());
    fields.number("oldPages", change.oldPages());
    fields.number("newPages", change.newPages());
    fields.text("backend", change.backend());
    fields.text("scope", change.scope());
    fields.number("regionId", change.regionId());
    fields.text("outcome", change.outcome());
    fields.text("message", change.message());
  }

  private void work(Comparison work) throws IOException {
    json.writeStartObject();
    fields.text("action", work.work().action());
    fields.text("site", work.work().site());
    fields.number("fromBytes", work.work().isPerRun() ? -1 : 1L << work.work().sizeClass());
    fields.text("unit", work.work().isPerRun() ? "run" : "megabyte");
    fields.text("outcome", work.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    fields.fraction("ratio", work.ratio());
    json.writeObjectFieldStart("before");
    side(work.sideBefore(), work.before());
    json.writeObjectFieldStart("after");
    side(work.sideAfter(), work.after());
    json.writeEndObject();
  }

  private void side(WorkSide side, Spread nanos) throws IOException {
    fields.number("runs", side.events());
    spread("nanosPerUnit", nanos);
    fields.fraction("userFaultsPerUnit", side.userFaultsPerUnit());
    fields.fraction("countedFaultsPerUnit", side.countedFaultsPerUnit());
    fields.fraction("residentShare", side.residentShare());
    json.writeEndObject();
  }

  private void spread(String name, Spread spread) throws IOException {
    if (spread == null) {
      json.writeNullField(name);
      return;
    }
    json.writeObjectFieldStart(name);
    fields.number("settled", spread.count());
    fields.fraction("lowerQuartile", spread.lowerQuartile());
    fields.fraction("median", spread.median());
    fields.fraction("upperQuartile", spread.upperQuartile());
    json.writeEndObject();
  }
}
