// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The load: runs wrk, one run at a time.
 *
 * <p>Thread safety: {@link #close()} from anywhere, all else one caller at a time.
 */
public final class Wrk implements AutoCloseable {

    /** The script that prints wrk's own counters in one line at the end; requests are unchanged. */
    private static final String SCRIPT = """
            done = function(summary, latency, requests)
              local errors = summary.errors
              io.write(string.format("\\nRESULT %d %d %d %d %d %d\\n", summary.requests, summary.bytes, summary.duration,
                latency:percentile(50), latency:percentile(99),
                errors.connect + errors.read + errors.write + errors.timeout + errors.status))
            end
            """;

    private static final String RESULT = "RESULT ";

    /**
     * The result of a run.
     *
     * @param bytes of all responses, heads included
     * @param errors responses other than 2xx and 3xx, and connections that failed
     */
    public record Load(long requests, long bytes, double seconds, double p50Millis, double p99Millis, long errors) {

        /** Reads the script's line out of what wrk printed. */
        public static Load parse(String printed) throws IOException {
            String line = printed.lines()
                    .filter(candidate -> candidate.startsWith(RESULT))
                    .findFirst()
                    .orElseThrow(() -> new IOException("wrk did not finish: " + printed.strip()));
            String[] fields = line.substring(RESULT.length()).split(" ", -1);
            return new Load(
                    Long.parseLong(fields[0]),
                    Long.parseLong(fields[1]),
                    Long.parseLong(fields[2]) / 1e6,
                    Long.parseLong(fields[3]) / 1e3,
                    Long.parseLong(fields[4]) / 1e3,
                    Long.parseLong(fields[5]));
        }

        public double perSecond() {
            return requests / seconds;
        }
    }

    /** A request with a body; its headers are not on the command line, where others could read a key. */
    public record Request(String url, String body, Map<String, String> headers) {

        /** Returns the lines of the script that make wrk send it. */
        public String script() {
            StringBuilder lines = new StringBuilder("wrk.method = \"POST\"\nwrk.body = [[" + body + "]]\n");
            headers.forEach((name, value) -> lines.append("wrk.headers[\"" + name + "\"] = [[" + value + "]]\n"));
            return lines.toString();
        }
    }

    private final Path program;
    private final Path script;
    private final Path postScript;
    private volatile @Nullable Process running;

    public Wrk(Path program, Path directory) throws IOException {
        this.program = program;
        script = directory.resolve("wrk.lua");
        Files.writeString(script, SCRIPT);
        postScript = directory.resolve("wrk-post.lua");
    }

    public Load run(String url, int connections, int seconds, String... headers)
            throws IOException, InterruptedException {
        return run(script, url, connections, seconds, headers);
    }

    public Load post(Request request, int connections, int seconds) throws IOException, InterruptedException {
        Files.writeString(postScript, request.script() + SCRIPT);
        return run(postScript, request.url(), connections, seconds);
    }

    private Load run(Path script, String url, int connections, int seconds, String... headers)
            throws IOException, InterruptedException {
        // a thread more than there are cores would only stand in the way
        int threads = Math.min(connections, Runtime.getRuntime().availableProcessors());
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "-t" + threads,
                "-c" + connections,
                "-d" + seconds + "s",
                "--timeout",
                "20s",
                "-s",
                script.toString()));
        for (String header : headers) {
            command.add("-H");
            command.add(header);
        }
        command.add(url);
        Process wrk = new ProcessBuilder(command).redirectErrorStream(true).start();
        running = wrk;
        String printed = new String(wrk.getInputStream().readAllBytes(), UTF_8);
        wrk.waitFor(5, TimeUnit.SECONDS);
        running = null;
        return Load.parse(printed);
    }

    @Override
    public void close() {
        Process wrk = running;
        if (wrk != null) {
            wrk.destroyForcibly();
        }
    }
}
