// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Standard output in UTF-8, whatever the locale is, because names and JSON need it. A reader of a pipe that has ended is the end of
 * the program; every other failure, such as a full disk, is its error. {@link #checkError} returns true after both.
 *
 * <p>Thread safety: safe.
 */
public final class StandardOutput extends PrintWriter {

    private final Target target;

    private StandardOutput(Target target) {
        super(target, true, UTF_8);
        this.target = target;
    }

    /** {@return the standard output of this process} */
    public static StandardOutput open() {
        return new StandardOutput(new Target(new FileOutputStream(FileDescriptor.out)));
    }

    /** {@return an output like it, for tests} */
    static StandardOutput of(OutputStream out) {
        return new StandardOutput(new Target(out));
    }

    /**
     * Writes what is buffered at the end of a program, and reports output that is lost.
     *
     * @param status the exit status of the program so far
     * @return that status, or {@link Program#FAILED} if output was lost and the status would be success
     */
    public int end(int status, String program, PrintWriter err) {
        flush();
        IOException failure = target.failure;
        if (failure == null || isEndOfReader(failure)) {
            return status;
        }
        err.println(program + ": standard output: " + failure.getMessage() + " (expected: a file or pipe with room)");
        err.flush();
        return status == 0 ? Program.FAILED : status;
    }

    /** A pipe fails only when its reader has ended; the text of the error depends on the locale. */
    private static boolean isEndOfReader(IOException failure) {
        if ("Broken pipe".equals(failure.getMessage())) {
            return true;
        }
        try {
            String file = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return file.startsWith("pipe:") || file.startsWith("socket:");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** Keeps the first failure, which a {@link PrintWriter} hides. */
    private static final class Target extends OutputStream {

        private final OutputStream out;
        private volatile @Nullable IOException failure;

        Target(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                }
                throw e;
            }
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }
}
