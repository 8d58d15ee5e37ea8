package io.pfagent.chunk;

import java.io.IOException;

/**
 * A method in a stack, by the numbers of its texts.
 *
 * @param className number of the name of its class, such as {@code java/lang/String}
 * @param name number of its own name
 * @param descriptor number of its descriptor, such as {@code (I)V}
 * @param isHidden whether it is one that stack traces leave out
 */
public record SampleMethod(int className, int name, int descriptor, boolean isHidden) {

  static SampleMethod read(ByteReader in) throws IOException {
    return new SampleMethod((int) in.number(), (int) in.number(), (int) in.number(), in.isSet());
  }
}
