// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.minute;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacho.model.ClusterWindow;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.WindowSlot;
import io.tacho.store.WindowMerge;
import io.tacho.store.WindowUpload;
import io.tacho.testing.RandomWindows;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowCodecTest {

    private static final WindowSlot MINUTE = new WindowSlot(60, SLOT);

    private static ClusterWindow random(Random random) {
        return WindowMerge.ofNode(
                new WindowUpload.Numbered(1, RandomWindows.next(random, SLOT), null, random.nextBoolean()));
    }

    @Test
    void window_roundTrips() {
        Random random = new Random(42);
        List<ClusterWindow> windows = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            ClusterWindow window = random(random);
            windows.add(window);

            assertThat(WindowCodec.read(MINUTE, WindowCodec.write(window)))
                    .as("window %d", i)
                    .isEqualTo(window);
        }
        ClusterWindow cluster = WindowMerge.merge(windows);
        assertThat(WindowCodec.read(MINUTE, WindowCodec.write(cluster))).isEqualTo(cluster);
        assertThat(cluster.extras().leftOut()).isPositive();
    }

    @Test
    void emptyWindow_isSmall() {
        ClusterWindow idle = ClusterWindow.builder(MINUTE).nodeWindows(1).build();

        assertThat(WindowCodec.write(idle)).hasSize(3 + 2 + 1 + 13 + 1);
        assertThat(WindowCodec.read(MINUTE, WindowCodec.write(idle))).isEqualTo(idle);
    }

    /** {@code {"v": 1, "later": 7, "node_windows": 2, "bin": b"\1"}} as Python's msgpack writes it. */
    @Test
    void unknownNames_areIgnored() {
        byte[] map = HexFormat.of().parseHex("84a17601a56c6174657207ac6e6f64655f77696e646f777302a362696ec40101");

        assertThat(WindowCodec.read(MINUTE, map).nodeWindows()).isEqualTo(2);
    }

    @Test
    void laterVersion_isRejected() {
        byte[] map = HexFormat.of().parseHex("81a17602");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> WindowCodec.read(MINUTE, map))
                .withMessage("v: 2 (expected: 1)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "c0",
                "80",
                "90",
                "05",
                "a3616263",
                "81a176",
                "81a176cb3ff0000000000000",
                "81a176a131",
                "dfffffffff",
                "df7fffffff",
                "81dbffffffff",
                "81db7fffffff61",
                "81c6ffffffff",
                "82a17601ac6e6f64655f77696e646f7773ff",
                "82a17601ac6e6f64655f77696e646f7773cfffffffffffffffff",
                "82a17601ab6d61785f636c69656e7473ff",
                "82a17601a57573657273c40107",
                "82a17601a874696d655f617069c40107"
            })
    void garbage_isRejected(String hex) {
        byte[] garbage = HexFormat.of().parseHex(hex);

        assertThatIllegalArgumentException().isThrownBy(() -> WindowCodec.read(MINUTE, garbage));
    }

    @Test
    void extras_invalidOrOfLaterVersion() {
        for (String key : List.of("extra:sum:counter:No-Name", "extra:sum:counter:", "extra:Sum:counter:a")) {
            assertThatIllegalArgumentException().as(key).isThrownBy(() -> WindowCodec.read(MINUTE, withNumber(key)));
        }
        for (String key : List.of("extra:", "extra:sum", "extra:sum:counter", "extra:average:gauge:later")) {
            assertThat(WindowCodec.read(MINUTE, withNumber(key)).extras().byName())
                    .as(key)
                    .isEmpty();
        }
    }

    @Test
    void extras_withLongNonAsciiNames_roundTrip() {
        String name = "a{x=\"" + "語".repeat(64) + "\",y=\"" + "я".repeat(40) + "\"}";
        Extras.Merged extras = Extras.Merged.NONE.with(Map.of(name, Extra.gauge(7)));
        ClusterWindow window =
                ClusterWindow.builder(MINUTE).nodeWindows(1).extras(extras).build();

        assertThat(WindowCodec.read(MINUTE, WindowCodec.write(window))).isEqualTo(window);
    }

    private static byte[] withNumber(String key) {
        ByteArrayOutputStream map = new ByteArrayOutputStream();
        map.writeBytes(HexFormat.of().parseHex("82a17601d9"));
        map.write(key.length());
        map.writeBytes(key.getBytes(UTF_8));
        map.write(1);
        return map.toByteArray();
    }

    /** Any input results in a valid window or in an {@code IllegalArgumentException}, in bounded memory. */
    @Test
    void corruptedValue_isReadOrRejected() {
        Random random = new Random(43);
        int rejected = 0;
        for (int i = 0; i < 3_000; i++) {
            byte[] value = WindowCodec.write(i % 2 == 0 ? random(random) : WindowMerge.ofNode(numbered()));
            byte[] damaged = random.nextBoolean() ? Arrays.copyOf(value, random.nextInt(value.length)) : value;
            for (int change = random.nextInt(4); change > 0 && damaged.length > 0; change--) {
                damaged[random.nextInt(Math.min(damaged.length, 400))] = (byte) random.nextInt(256);
            }
            try {
                WindowCodec.read(MINUTE, damaged);
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("expected");
                rejected++;
            }
        }
        assertThat(rejected).isGreaterThan(1_500);
    }

    private static WindowUpload.Numbered numbered() {
        return new WindowUpload.Numbered(1, minute(SLOT, 100, 425, 500));
    }
}
