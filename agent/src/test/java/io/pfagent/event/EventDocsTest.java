package io.pfagent.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.ValueDescriptor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The golden list and the documentation are made from the event classes: {@code mvn test
 * -Dpfagent.write=true} writes them anew, a plain run compares.
 */
class EventDocsTest {

  private static final Path ROOT = Path.of(System.getProperty("user.dir")).getParent();

  @BeforeAll
  static void register() {
    EventTypes.ALL.forEach(FlightRecorder::register);
  }

  @Test
  void goldenListSaysWhatTheClassesSay() throws IOException {
    compare(
        ROOT.resolve("jfr-templates/src/main/resources/io/pfagent/templates/events.txt"),
        EventDocs.goldenList());
  }

  @Test
  void documentationSaysWhatTheClassesSay() throws IOException {
    compare(ROOT.resolve("docs/events.md"), EventDocs.markdown());
  }

  @Test
  void everyEventAndFieldIsLabelledAndDescribed() {
    for (EventType type : EventDocs.types()) {
      assertThat(type.getLabel()).as(type.getName()).isNotBlank();
      assertThat(type.getDescription()).as(type.getName()).isNotBlank();
      assertThat(type.getCategoryNames().get(0)).isEqualTo("Page Faults");
      for (ValueDescriptor field : EventDocs.ownFields(type)) {
        String name = type.getName() + "." + field.getName();
        assertThat(field.getLabel()).as(name).isNotBlank();
        assertThat(field.getDescription()).as(name).isNotBlank();
      }
    }
  }

  @Test
  void everyTimeAndByteCountCarriesItsUnit() {
    for (EventType type : EventDocs.types()) {
      for (ValueDescriptor field : EventDocs.ownFields(type)) {
        String name = field.getName();
        String as = type.getName() + "." + name;
        if (name.endsWith("Time") || name.equals("lifetime") || name.equals("cost")) {
          assertThat(EventDocs.unit(field)).as(as).isEqualTo("nanoseconds");
        }
        if (name.endsWith("Bytes") || name.equals("bytes") || name.equals("size")) {
          assertThat(EventDocs.unit(field)).as(as).isEqualTo("bytes");
        }
        if (name.equals("faultTime")) {
          assertThat(field.getDescription()).as(as).startsWith("Estimate");
        }
      }
    }
  }

  private static void compare(Path file, String expected) throws IOException {
    if (Boolean.getBoolean("pfagent.write")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, expected);
    }
    assertThat(file).content().as("run mvn test -Dpfagent.write=true").isEqualTo(expected);
  }
}
