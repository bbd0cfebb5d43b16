// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.demo;

/** An error of a command; the message names the found and the expected value. */
final class HubException extends Exception {

    static final int NOT_CONNECTED = 101;
    static final int UNKNOWN_COMMAND = 104;
    static final int ALREADY_DONE = 105;
    static final int LIMIT_EXCEEDED = 106;
    static final int BAD_REQUEST = 107;

    private static final long serialVersionUID = 1;

    private final int code;

    HubException(int code, String message) {
        // made at a client's will, so without the cost of a stack trace
        super(message, null, false, false);
        this.code = code;
    }

    /** Returns the error code for programs, as in the response. */
    int code() {
        return code;
    }
}
