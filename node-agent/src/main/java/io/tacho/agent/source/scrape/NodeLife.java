// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The uid of a scraped node, from its start to its end. It is derived from the node's address and the start that was read
 * first: the same for every reader, across restarts of the agent, and while the clock of the machine is adjusted.
 *
 * <p>Thread safety: one caller at a time.
 */
public final class NodeLife {

    /** The reported start moves by up to a second while the machine's clock is adjusted. */
    private static final double MAX_DRIFT_SECONDS = 5;

    private final String address;
    private final Function<Scrape, OptionalDouble> started;
    private final BiPredicate<Scrape, Scrape> decreased;

    /** The start of the node as first reported, or a random id if it is not reported; changes with a restart. */
    private @Nullable String life;

    /**
     * A node at an address.
     *
     * @param address kind of program, host, port and path
     * @param started the start of the process, UNIX seconds; empty if it is not reported
     * @param decreased whether a counter that only a restart decreases has decreased between two scrapes
     */
    public NodeLife(String address, Function<Scrape, OptionalDouble> started, BiPredicate<Scrape, Scrape> decreased) {
        this.address = address;
        this.started = started;
        this.decreased = decreased;
    }

    /** Begins the life of another node with another uid, if the node was restarted between two scrapes; returns whether it was. */
    public boolean isAnother(Scrape before, Scrape now) {
        boolean again = wasRestarted(before, now);
        if (again) {
            life = null;
        }
        return again;
    }

    /**
     * Returns whether the node was restarted between two scrapes: its start moved by more than a drift of the clock, or moved
     * and counters decreased.
     */
    public boolean wasRestarted(Scrape before, Scrape now) {
        OptionalDouble from = started.apply(before);
        OptionalDouble to = started.apply(now);
        double moved =
                from.isPresent() && to.isPresent() ? Math.abs(to.getAsDouble() - from.getAsDouble()) : Double.MIN_VALUE;
        return moved > MAX_DRIFT_SECONDS || (moved > 0 && decreased.test(before, now));
    }

    /** {@return whether a counter is known in both scrapes, and has decreased} */
    public static boolean hasDecreased(Function<Scrape, OptionalDouble> counter, Scrape before, Scrape now) {
        OptionalDouble from = counter.apply(before);
        OptionalDouble to = counter.apply(now);
        return from.isPresent() && to.isPresent() && to.getAsDouble() < from.getAsDouble();
    }

    /** {@return the uid} */
    public String uid(Scrape scrape) {
        if (life == null) {
            OptionalDouble start = started.apply(scrape);
            life = start.isPresent()
                    ? BigDecimal.valueOf(start.getAsDouble())
                            .stripTrailingZeros()
                            .toPlainString()
                    : UUID.randomUUID().toString();
        }
        return UUID.nameUUIDFromBytes((address + " " + life).getBytes(UTF_8)).toString();
    }
}
