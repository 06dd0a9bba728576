package io.cairn.host.kernel;

/** The few numbers in which Linux on AArch64 differs from Linux on x86-64. */
final class Machine {
    private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");

    static final int OPEN_DIRECTORY = ARM ? 0x4000 : 0x10000;
    static final long MAKE_NODE_AT = ARM ? 33 : 259;

    static final long READ = ARM ? 63 : 0;

    private Machine() {}
}
