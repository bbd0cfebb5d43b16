// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.process.ParentDeathWatchdog;
import io.tacho.testing.Signals;
import io.tacho.testing.TachoProgram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The aggregator's program with a file of settings; Redis is not needed for any of it. */
class AggregatorConfigIT {

    private static final Pattern LISTENING = Pattern.compile("listening http://127\\.0\\.0\\.1:(\\d+)\n");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private Process program;
    private ParentDeathWatchdog watchdog;

    private void start(String... arguments) throws IOException {
        List<String> command = TachoProgram.command("aggregator");
        command.addAll(List.of(arguments));
        program = new ProcessBuilder(command)
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile())
                .start();
        watchdog = ParentDeathWatchdog.watch(program);
    }

    @AfterEach
    void end() {
        watchdog.close();
        program.destroyForcibly();
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private String read(String name) throws IOException {
        return Files.readString(directory.resolve(name));
    }

    private int awaitPort() {
        Matcher[] found = new Matcher[1];
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            found[0] = LISTENING.matcher(read("out"));
            return found[0].find();
        });
        return Integer.parseInt(found[0].group(1));
    }

    /** Signals the program to reload, and waits until it has logged that. */
    private void reload(String logged) throws Exception {
        Signals.send("HUP", program);
        await().atMost(Duration.ofSeconds(20)).until(() -> read("err").contains(logged));
    }

    @Test
    void printConfig_listsAllSettingsWithTheirOrigins() throws Exception {
        Path file = write("settings", "redis = redis://:s3cret@127.0.0.1:1\nmax-nodes = 5\n\napi-secret = s3cret\n");
        start("--config=" + file, "--listen=127.0.0.1:0", "--print-config");

        assertThat(program.waitFor()).isZero();
        assertThat(read("err")).isEmpty();
        assertThat(read("out"))
                .contains("# tacho aggregator: effective settings\n# file: " + file + "\n")
                .contains("\n# flag\nlisten = 127.0.0.1:0\n")
                .contains("\n# " + file + ":2\nmax-nodes = 5\n")
                .contains("\n# " + file + ":4, masked\n#api-secret = ***\n")
                .contains("\n# " + file + ":1, masked\n#redis = redis://:***@127.0.0.1:1\n")
                .contains("\n# default\n#sweep-interval = 15s\n", "\n# default\n#insecure-api =\n")
                .containsPattern("\n# default\n#max-detail-memory = \\d+(B|KiB|MiB|GiB)\n")
                .doesNotContain("s3cret");
    }

    @Test
    void sighup_appliesKeysAndRules_andOpenConnectionsStay() throws Exception {
        Path secret = write("secret", "old-secret\n");
        Path keys = write("keys", "old-key\nlasting-key\n");
        Path rules = write("rules", "rule not-receiving stale > 30s\n");
        Path file = write(
                "settings",
                "listen = 127.0.0.1:0\nredis = redis://127.0.0.1:1\nlog-format = json\napi-secret-file = " + secret
                        + "\nread-keys-file = " + keys + "\nalerts = " + rules + "\n");
        start("--config=" + file);
        try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), awaitPort())) {
            connection.setSoTimeout(10_000);
            assertThat(status(connection, "old-key")).isEqualTo(200);
            assertThat(status(connection, "new-key")).isEqualTo(401);

            write("secret", "new-secret\n");
            write("keys", "new-key\nlasting-key\n");
            reload("reloaded: another api-secret; read keys: 1 new, 1 gone, 2 in force");

            assertThat(status(connection, "old-key")).isEqualTo(401);
            assertThat(status(connection, "old-secret")).isEqualTo(401);
            assertThat(status(connection, "new-key")).isEqualTo(200);
            assertThat(status(connection, "lasting-key")).isEqualTo(200);
            assertThat(status(connection, "new-secret")).isEqualTo(200);

            write("rules", "rule not-receiving stale > 30s\nrule node-lost lost\n");
            reload("reloaded: alerts: 2 rules");
            write("rules", "rule not-receiving stale >\n");
            reload("not reloaded, stays as it was: " + file + ":6: alerts: ");

            write("keys", "# none\n");
            reload("not reloaded, stays as it was: " + file + ":5: read-keys-file: no key in " + keys);
            write("settings", read("settings").replace("api-secret-file", "#").replace("read-keys-file", "#"));
            reload("no key any more (expected: one; only a new start opens everything)");
            assertThat(status(connection, "new-key")).isEqualTo(200);
            assertThat(status(connection, "wrong")).isEqualTo(401);
        }
        assertThat(read("err")).doesNotContain("old-", "new-", "lasting-");
        for (String line : Files.readAllLines(directory.resolve("err"))) {
            assertThat(JSON.readTree(line).path("message").asText()).isNotEmpty();
        }
    }

    /** Sends a request on the connection, and leaves it open. */
    private static int status(Socket connection, String key) throws IOException {
        connection
                .getOutputStream()
                .write(("GET /stats HTTP/1.1\r\nHost: t\r\nX-API-Key: " + key + "\r\n\r\n").getBytes(ISO_8859_1));
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        InputStream in = connection.getInputStream();
        while (!read.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            assertThat(next).as("the connection is open").isNotNegative();
            read.write(next);
        }
        String head = read.toString(ISO_8859_1);
        Matcher length = Pattern.compile("(?i)content-length: (\\d+)").matcher(head);
        assertThat(length.find()).isTrue();
        in.readNBytes(Integer.parseInt(length.group(1)));
        return Integer.parseInt(head.split(" ", 3)[1]);
    }
}
