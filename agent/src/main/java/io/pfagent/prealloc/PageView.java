package io.pfagent.prealloc;

import io.pfagent.kernel.Residency;

/** What can be seen of the pages behind addresses of this process. */
interface PageView {

  /** What is resident now. Any thread may ask. */
  Residency residency(long address, long bytes);

  /** Resident bytes that nobody uses, an estimate; -1 if unknown. For one thread. */
  long unusedBytes(long address, long bytes);
}
