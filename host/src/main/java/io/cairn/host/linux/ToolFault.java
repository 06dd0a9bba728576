package io.cairn.host.linux;

import io.cairn.host.BlockDevice;
import io.cairn.host.Errno;
import io.cairn.host.HostFault;
import io.cairn.host.kernel.Tool;

/** The fault of a program that ended badly: which, on what, its status, and its own last words. Stateless. */
final class ToolFault {
    private ToolFault() {}

    static HostFault of(Tool.Finished finished, Tool tool, BlockDevice device) {
        String message = tool.name() + " on " + device.node() + " ended with status " + finished.status() + ": "
                + finished.lastLine();
        return new HostFault(message, Errno.NONE);
    }
}
