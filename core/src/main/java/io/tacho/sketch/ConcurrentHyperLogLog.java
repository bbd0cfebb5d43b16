// SPDX-License-Identifier: Apache-2.0
package io.tacho.sketch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Collects ids from many threads, period by period. Each id is in exactly one sketch that is taken. Adding takes no lock, and
 * allocates nothing for ids in ASCII.
 *
 * <p>Thread safety: any number of threads add ids; one at a time takes them.
 */
public final class ConcurrentHyperLogLog {

    private static final VarHandle RANK = MethodHandles.arrayElementVarHandle(byte[].class);

    private final byte[] ranks = new byte[HyperLogLog.REGISTERS];

    /** Adds an id; however often it comes, it counts once. */
    public void add(String id) {
        long hash = MurmurHash64A.hash(id);
        int register = HyperLogLog.register(hash);
        byte rank = HyperLogLog.rank(hash);
        byte known = (byte) RANK.getVolatile(ranks, register);
        while (rank > known && !RANK.weakCompareAndSet(ranks, register, known, rank)) {
            known = (byte) RANK.getVolatile(ranks, register);
        }
    }

    /** Returns the ids that were added since the last call; null for none. */
    public @Nullable HyperLogLog take() {
        byte[] taken = new byte[ranks.length];
        boolean any = false;
        for (int register = 0; register < taken.length; register++) {
            if ((byte) RANK.getVolatile(ranks, register) != 0) {
                taken[register] = (byte) RANK.getAndSet(ranks, register, (byte) 0);
                any = true;
            }
        }
        return any ? new HyperLogLog(HyperLogLogBytes.write(taken)) : null;
    }
}
