/**
 * Samples on disk, and the recording that they become part of: {@link SampleFile} takes samples
 * while the application runs, {@link RecordingJoin} turns them into events of a recording.
 */
package io.pfagent.chunk;
