// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import io.tacho.agent.source.scrape.Scrape;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The version of a Centrifugo, as reported: {@code 4.1.5}, {@code 6.9.1 OSS}. */
final class CentrifugoVersion {

    private static final Pattern FORM = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})\\b.*");

    private CentrifugoVersion() {}

    /** Its three numbers; null where there are none, or all are 0 as in a build of one's own. */
    static int @Nullable [] parse(@Nullable String version) {
        Matcher matcher = FORM.matcher(version == null ? "" : version);
        if (!matcher.matches()) {
            return null;
        }
        int[] numbers = {
            Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3))
        };
        return Arrays.equals(numbers, new int[3]) ? null : numbers;
    }

    static boolean isAtLeast(int[] version, int... other) {
        return Arrays.compare(version, other) >= 0;
    }

    /** Returns whether this version has no handler of {@code send}, so that it rejects the command and counts it twice. */
    static boolean rejectsSend(Scrape scrape) {
        String version = scrape.label("node_build", "version");
        int[] numbers = parse(version);
        return numbers != null
                && isAtLeast(numbers, 4)
                && !String.valueOf(version).contains("PRO");
    }
}
