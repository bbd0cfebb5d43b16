// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ByteSizeTest {

    private final ByteSize.Converter converter = new ByteSize.Converter();

    @Test
    void anySize_formattedAndParsed_isEqual() {
        Random random = new Random(41);
        for (int i = 0; i < 2_000; i++) {
            ByteSize size = new ByteSize((random.nextLong() >>> 1 + random.nextInt(62)) << random.nextInt(12) >>> 13);
            assertThat(converter.convert(size.toString())).as(size.toString()).isEqualTo(size);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0B",
        "1, 1B",
        "1023, 1023B",
        "1024, 1KiB",
        "1536, 1536B",
        "67108864, 64MiB",
        "1073741825, 1073741825B",
        "1125899906842624, 1024TiB"
    })
    void size_isShownInTheLargestWholeUnit(long bytes, String text) {
        assertThat(new ByteSize(bytes)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-1",
                "-1B",
                "1.5",
                "0.5B",
                "1.5.2MiB",
                "64 MiB",
                "MiB",
                "9007199254740992",
                "1XiB",
                "64Mib/s"
            })
    void text_invalid_isRejected(String text) {
        assertThatExceptionOfType(TypeConversionException.class)
                .isThrownBy(() -> converter.convert(text))
                .withMessage("'" + text + "' (expected: bytes, e.g. 512MiB; kB, MB, GB, TB or KiB, MiB, GiB, TiB)");
    }
}
