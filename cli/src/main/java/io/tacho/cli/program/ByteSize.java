// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import io.tacho.units.Quantity;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An amount of memory as the value of an option: {@code 64MiB}. */
public record ByteSize(long bytes) {

    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};
    private static final int STEP = 1_024;

    /** {@return the exact size in the largest unit in which it is whole} */
    @Override
    public String toString() {
        long size = bytes;
        int unit = 0;
        while (size != 0 && size % STEP == 0 && unit < UNITS.length - 1) {
            size /= STEP;
            unit++;
        }
        return size + UNITS[unit];
    }

    /** Converts the text of an option. */
    static final class Converter implements ITypeConverter<ByteSize> {

        @Override
        public ByteSize convert(String value) {
            try {
                return new ByteSize(Quantity.BYTES.parse(value));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
