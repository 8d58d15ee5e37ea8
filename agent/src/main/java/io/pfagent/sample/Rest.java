package io.pfagent.sample;

/** What rests, so that sampling keeps to what it may cost. */
enum Rest {
  /** Each fault is counted. */
  NONE,

  /** Minor faults go by uncounted; major ones are few and dear, their events stay. */
  MINOR,

  /** No fault is counted: where threads switch all the time, events that stay cost too much. */
  ALL
}
