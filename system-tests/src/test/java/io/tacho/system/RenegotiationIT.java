// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tacho.process.ParentDeathWatchdog;
import io.tacho.testing.TachoProgram;
import io.tacho.testing.TlsMaterial;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client of the aggregator may not repeat the handshake of TLS 1.2, which costs the server far more than the client. */
class RenegotiationIT {

    private static final Pattern LISTENING = Pattern.compile("listening https://127\\.0\\.0\\.1:(\\d+)\n");

    @TempDir
    private Path directory;

    private int awaitPort(Path out) {
        Matcher[] found = new Matcher[1];
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            found[0] = LISTENING.matcher(Files.readString(out));
            return found[0].find();
        });
        return Integer.parseInt(found[0].group(1));
    }

    @Test
    void secondHandshake_isRejected() throws Exception {
        TlsMaterial material = new TlsMaterial(directory);
        Path out = directory.resolve("out");
        Process program = new ProcessBuilder(TachoProgram.command(
                        "aggregator",
                        "--listen=127.0.0.1:0",
                        "--redis=redis://127.0.0.1:1",
                        "--tls-cert=" + directory.resolve("server.pem"),
                        "--tls-key=" + directory.resolve("server.key")))
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var watchdog = ParentDeathWatchdog.watch(program);
                SSLSocket socket =
                        (SSLSocket) material.trusting().getSocketFactory().createSocket("127.0.0.1", awaitPort(out))) {
            socket.setSoTimeout(10_000);
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            byte[] request = "GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            socket.getOutputStream().write(request);
            assertThat(socket.getInputStream().read()).isEqualTo('H');

            assertThatThrownBy(() -> {
                        socket.startHandshake();
                        socket.getOutputStream().write(request);
                        while (socket.getInputStream().read() >= 0) {
                            // the rest of the first response
                        }
                        throw new IOException("closed");
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessageMatching("(?i).*(renegotiation|handshake|closed|reset|broken pipe).*");
        } finally {
            program.destroyForcibly();
        }
    }
}
