// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

/**
 * The value of a setting from the environment or the file, with its origin.
 *
 * @param value the value as written
 * @param origin e.g. {@code environment TACHO_TTL} or {@code /etc/tacho.properties:3}
 * @param subject the beginning of error messages: the origin and the name of the setting there
 */
record ResolvedValue(String value, String origin, String subject) {

    private static final String ENVIRONMENT = "environment ";

    static ResolvedValue environment(String variable, String value) {
        return new ResolvedValue(value, ENVIRONMENT + variable, variable);
    }

    static ResolvedValue line(String place, String key, String value) {
        return new ResolvedValue(value, place, place + ": " + key);
    }

    boolean isOfEnvironment() {
        return origin.startsWith(ENVIRONMENT);
    }

    /** Shows no value: it may be a secret. */
    @Override
    public String toString() {
        return subject;
    }
}
