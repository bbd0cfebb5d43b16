// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The terminal while it is ours: another screen without a cursor and without wrapped lines, keys as they are pressed. Set up by {@code stty}, which is
 * wherever the launcher runs, and put back as it was when this is closed, or when the process ends however it does short of
 * SIGKILL.
 *
 * <p>Thread safety: safe.
 */
final class Screen implements AutoCloseable {

    /** @param columns cells in a line */
    record Size(int columns, int lines) {
        private static final Size USUAL = new Size(80, 24);
    }

    private static final File TERMINAL = new File("/dev/tty");
    private static final String ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J";
    private static final String LEAVE = "\u001b[?7h\u001b[?25h\u001b[?1049l";

    private final OutputStream out = new FileOutputStream(FileDescriptor.out);
    private final String before;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread atExit = new Thread(this::restore, "tacho-terminal");

    private Screen(String before) {
        this.before = before;
    }

    /** @throws IOException if there is no terminal */
    static Screen open() throws IOException {
        Screen screen = new Screen(stty("-g"));
        Runtime.getRuntime().addShutdownHook(screen.atExit);
        // Ctrl-C still ends the program; Ctrl-Z would leave the terminal as it is now
        stty("-icanon", "-echo", "min", "1", "time", "0", "susp", "undef");
        screen.write(ENTER);
        return screen;
    }

    /** Returns true if standard output is a terminal. */
    static boolean isTerminal() {
        try {
            Process test = new ProcessBuilder("sh", "-c", "test -t 0 && test -t 1")
                    .inheritIO()
                    .start();
            return test.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String stty(String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("stty");
        builder.command().addAll(List.of(arguments));
        Process process =
                builder.redirectInput(TERMINAL).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), UTF_8).trim();
            if (!process.waitFor(5, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("stty: " + output + " (expected: a terminal)");
            }
            return output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    Size size() {
        try {
            String[] lineAndColumns = stty("size").split(" ", -1);
            int lines = Integer.parseInt(lineAndColumns[0]);
            int columns = Integer.parseInt(lineAndColumns[1]);
            return lines > 0 && columns > 0 ? new Size(columns, lines) : Size.USUAL;
        } catch (IOException | RuntimeException e) {
            return Size.USUAL;
        }
    }

    /** Shows the lines from the top; what stood below them is cleared. In one write, so that nothing flickers. */
    void show(List<String> lines) {
        StringBuilder frame = new StringBuilder("\u001b[H");
        for (int i = 0; i < lines.size(); i++) {
            boolean last = i == lines.size() - 1;
            // cleared before it is written: after it, the last column would be cleared too
            frame.append(last ? "\u001b[J" : "\u001b[2K").append(lines.get(i)).append(last ? "" : "\r\n");
        }
        write(frame.toString());
    }

    private synchronized void write(String text) {
        if (closed.get()) {
            return;
        }
        try {
            out.write(text.getBytes(UTF_8));
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void restore() {
        synchronized (this) {
            write(LEAVE);
            closed.set(true);
        }
        try {
            stty(before);
        } catch (IOException e) {
            // the terminal is gone, and so is what there was to restore
        }
    }

    @Override
    public void close() {
        if (!closed.get()) {
            restore();
            Runtime.getRuntime().removeShutdownHook(atExit);
        }
    }
}
