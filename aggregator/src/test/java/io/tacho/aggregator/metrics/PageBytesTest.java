// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageBytesTest {

    /** The buffer has the size of the page if the expected size is correct, and is never much larger. */
    @ParameterizedTest
    @CsvSource({"0, 0", "1000, 1000", "1000, 900", "1000, 500", "1000, 0", "1000, 1001", "1, 1000"})
    void toBuffer_hasTheWrittenBytes(int expected, int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) i;
        }
        PageBytes page = new PageBytes(expected);
        page.writeBytes(bytes);

        ByteBuffer buffer = page.toBuffer();

        assertThat(buffer).isEqualTo(ByteBuffer.wrap(bytes));
        assertThat(buffer.array().length).isBetween(size, size * 8 / 7 + 1);
    }
}
