package io.pfagent.report;

/**
 * What a change of the preallocation brought.
 *
 * @param works the same work before and after, those with a verdict first
 * @param residentBefore memory of the process in RAM, in bytes; null if not known
 * @param residentAfter the same, afterwards
 * @param unusedAfter what of it was preallocated and not used, in bytes; null if not known
 */
record Verdict(
    Change change,
    Ranking<Comparison> works,
    Spread residentBefore,
    Spread residentAfter,
    Spread unusedAfter) {

  long count(Comparison.Outcome outcome) {
    return works.rows().stream().filter(work -> work.outcome() == outcome).count();
  }
}
