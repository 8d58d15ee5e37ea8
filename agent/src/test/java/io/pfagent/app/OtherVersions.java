package io.pfagent.app;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;

/** Uses JNA and ByteBuddy in the versions of its own class path, by reflection. */
public final class OtherVersions {

  private OtherVersions() {}

  public static void main(String[] arguments) throws Exception {
    ByteBuffer.allocateDirect(1 << 20);
    Class<?> jna = Class.forName("com.sun.jna.Native");
    int pointerSize = jna.getField("POINTER_SIZE").getInt(null);
    Class<?> byteBuddy = Class.forName("net.bytebuddy.ByteBuddy");
    Object builder =
        byteBuddy
            .getMethod("subclass", Class.class)
            .invoke(byteBuddy.getConstructor().newInstance(), Object.class);
    Method make = builder.getClass().getMethod("make");
    make.setAccessible(true);
    Object made = make.invoke(builder);
    System.out.println(
        "JNA "
            + jna.getField("VERSION_NATIVE")
                .getDeclaringClass()
                .getPackage()
                .getImplementationVersion()
            + " and ByteBuddy "
            + version(byteBuddy)
            + ": "
            + pointerSize
            + " "
            + (made != null));
  }

  private static String version(Class<?> type) {
    String location = type.getProtectionDomain().getCodeSource().getLocation().getPath();
    return location.replaceAll(".*byte-buddy-(.*)\\.jar", "$1");
  }
}
