// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyboardTest {

    private static List<String> keys(String bytes) throws Exception {
        Keyboard keyboard = new Keyboard(new ByteArrayInputStream(bytes.getBytes(UTF_8)));
        List<String> keys = new ArrayList<>();
        String key;
        do {
            key = keyboard.next();
            keys.add(key);
        } while (!key.equals(Keyboard.END_OF_INPUT));
        return keys;
    }

    @Test
    void keys_areMappedToNames() throws Exception {
        assertThat(keys("qé\u001b[A\u001bOB\u001b[5~\u001b[99~\r\u007f\u0001\u001b"))
                .containsExactly(
                        "q",
                        "é",
                        "UP",
                        "DOWN",
                        "PAGE_UP",
                        "UNKNOWN",
                        "ENTER",
                        "BACKSPACE",
                        "UNKNOWN",
                        "ESCAPE",
                        "END_OF_INPUT");
    }
}
