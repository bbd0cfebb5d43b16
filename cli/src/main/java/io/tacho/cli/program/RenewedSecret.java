// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import io.tacho.concurrent.StateLog;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A secret whose file is read whenever the secret is needed, because tokens and passwords are replaced while programs run. While
 * the file is unreadable or empty, the last value remains.
 *
 * <p>Thread safety: safe.
 */
public final class RenewedSecret implements Supplier<String> {

    private static final Logger logger = LoggerFactory.getLogger(RenewedSecret.class);

    private final String name;
    private final SecretFile file;
    private final StateLog state = new StateLog(System::nanoTime);
    private volatile String last;

    private RenewedSecret(String name, SecretFile file, String first) {
        this.name = name;
        this.file = file;
        last = first;
    }

    /**
     * Returns the secret of that name; null if neither it nor its file is given.
     *
     * @param command the command that has the setting; null for none
     * @throws IllegalArgumentException if both are given, or the file is not readable
     */
    public static @Nullable Supplier<String> of(@Nullable CommandSpec command, String name, @Nullable SecretFile file) {
        String first = SecretFile.read(command, name, file);
        if (first == null) {
            return null;
        }
        return file == null ? () -> first : new RenewedSecret(name, file, first);
    }

    @Override
    public String get() {
        try {
            String now = file.read(name);
            if (now.isEmpty()) {
                throw new IllegalArgumentException(
                        name + SecretFile.SUFFIX + ": " + file + " is empty (expected: a secret)");
            }
            last = now;
            if (state.isEndNews()) {
                logger.info("{}{}: {} is read again", name, SecretFile.SUFFIX, file);
            }
        } catch (IllegalArgumentException e) {
            if (state.isNews("failing")) {
                logger.warn("keeping the last secret: {}", e.getMessage());
            }
        }
        return last;
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return file.toString();
    }
}
