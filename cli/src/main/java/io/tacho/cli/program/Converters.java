// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import io.tacho.cli.log.LogFormat;
import io.tacho.cli.log.LogLevel;
import io.tacho.units.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The converters of the texts of options. They are classes and not lambdas: while the class data of a lambda are archived, its
 * interface is linked, and JDK 17 archives a class file as old as picocli's only if nothing has linked it. One lambda would keep all
 * converters, picocli's thirty included, out of the archive.
 */
final class Converters {

    private static final Map<Class<?>, ITypeConverter<?>> ALL = Map.of(
            ByteSize.class, new ByteSize.Converter(),
            Duration.class, new OfDuration(),
            Integer.class, new WholeNumber(),
            int.class, new WholeNumber(),
            Boolean.class, new TrueOrFalse(),
            boolean.class, new TrueOrFalse(),
            LogFormat.class, new LogFormat.Converter(),
            LogLevel.class, new LogLevel.Converter(),
            Secret.class, new OfSecret(),
            SecretFile.class, new OfSecretFile());

    private Converters() {}

    /** {@return converters by the type of the option} */
    static Map<Class<?>, ITypeConverter<?>> all() {
        return ALL;
    }

    private static final class OfDuration implements ITypeConverter<Duration> {

        @Override
        public Duration convert(String value) {
            try {
                return Durations.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    private static final class WholeNumber implements ITypeConverter<Integer> {

        @Override
        public Integer convert(String value) {
            try {
                return Integer.valueOf(value);
            } catch (NumberFormatException e) {
                throw new TypeConversionException("'" + value + "' (expected: a whole number)");
            }
        }
    }

    private static final class TrueOrFalse implements ITypeConverter<Boolean> {

        @Override
        public Boolean convert(String value) {
            return switch (value) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new TypeConversionException("'" + value + "' (expected: true or false)");
            };
        }
    }

    private static final class OfSecret implements ITypeConverter<Secret> {

        @Override
        public Secret convert(String value) {
            return new Secret(value);
        }
    }

    private static final class OfSecretFile implements ITypeConverter<SecretFile> {

        @Override
        public SecretFile convert(String value) {
            return new SecretFile(Path.of(value));
        }
    }
}
