// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class StandardOutputTest {

    private final StringWriter err = new StringWriter();

    private int end(StandardOutput out, int status) {
        return out.end(status, "tacho stats", new PrintWriter(err));
    }

    private static StandardOutput failing(String cause) {
        return StandardOutput.of(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(cause);
            }
        });
    }

    @Test
    void output_isUtf8_andTheStatusIsUnchanged() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StandardOutput out = StandardOutput.of(bytes);
        out.print("世界");

        assertThat(end(out, 3)).isEqualTo(3);
        assertThat(bytes.toString(UTF_8)).isEqualTo("世界");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void brokenPipe_endsTheProgramWithoutError() {
        StandardOutput out = failing("Broken pipe");
        out.println("line");

        assertThat(out.checkError()).isTrue();
        assertThat(end(out, 0)).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void bufferedOutputLost_isReportedAtTheEnd() {
        StandardOutput out = failing("Broken pipe");
        out.print("no line yet");

        assertThat(end(out, 0)).isZero();
        assertThat(out.checkError()).isTrue();
    }
}
