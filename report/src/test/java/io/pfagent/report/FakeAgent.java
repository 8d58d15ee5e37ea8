package io.pfagent.report;

/** Keeps the agent's side of the protocol of {@code attach}, and does nothing else. */
public final class FakeAgent {

  static final String FAIL = "fail=true";
  static final String SILENT = "silent=true";
  static final String THROW = "throw=true";

  private FakeAgent() {}

  public static void agentmain(String options) {
    switch (options) {
      case FAIL -> leave("error: unknown option 'fail'; did you mean 'file'?");
      case SILENT -> System.getProperties().remove(Attachment.OUTCOME_PROPERTY);
      case THROW -> throw new IllegalStateException("as asked");
      default -> leave("ok: attached with '" + options + "'");
    }
  }

  private static void leave(String outcome) {
    System.setProperty("io.pfagent.attach.outcome", outcome);
  }
}
