// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import io.tacho.model.WindowSlot;
import io.tacho.model.period.Period;
import io.tacho.model.period.Tier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A period as a member of the index of its tier, and at the end of its key: {@code <length>:<start>}, like that of a window. */
final class PeriodMember {

    private static final Pattern MEMBER = Pattern.compile("([1-9][0-9]{0,6}):(0|[1-9][0-9]{0,14})");

    private PeriodMember() {}

    static String of(Period period) {
        return period.lengthSeconds() + ":" + 1_000 * period.startSeconds();
    }

    /** {@return the period that a member of the tier's index stands for; null if it is not one} */
    static @Nullable Period parse(Tier tier, String member) {
        if (tier == Tier.WINDOW) {
            WindowSlot slot = SlotMember.parse(member);
            return slot == null ? null : Period.of(slot);
        }
        Matcher found = MEMBER.matcher(member);
        if (!found.matches()) {
            return null;
        }
        try {
            return new Period(tier, Long.parseLong(found.group(2)) / 1_000, Long.parseLong(found.group(1)));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
