// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.sketch.HyperLogLog;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConnectedUsersTest {

    private static final long NOW = 1_800_000_000;

    private final ConnectedUsers users = new ConnectedUsers();

    private void add(String user, long seconds) {
        users.add(new RefreshedUser(user, NOW + seconds), NOW);
    }

    private long count(long now) {
        HyperLogLog sketch = users.sketch(now);
        return sketch == null ? 0 : sketch.count().estimate();
    }

    @Test
    void sketch_severalConnectionsOfUser_areCountedOnce() {
        add("u1", 60);
        add("u1", 120);
        add("u2", 60);

        assertThat(count(NOW)).isEqualTo(2);
    }

    @Test
    void sketch_equalsSketchOfIds() {
        add("u1", 60);
        add("u2", 900);

        assertThat(users.sketch(NOW).encoded())
                .isEqualTo(HyperLogLog.of(List.of("u1", "u2")).encoded());
    }

    @Test
    void user_isCountedUntilExpiry_atMostQuarterLonger() {
        add("u1", 60);

        assertThat(count(NOW + 60)).isOne();
        assertThat(count(NOW + 60 + ConnectedUsers.GRACE_SECONDS - 1)).isOne();
        assertThat(count(NOW + 90)).isZero();
        assertThat(users.sketch(NOW + 90)).isNull();
    }

    @Test
    void userThatRefreshes_isStillCounted() {
        add("u1", 60);
        users.add(new RefreshedUser("u1", NOW + 120), NOW + 60);

        assertThat(count(NOW + 120)).isOne();
    }

    @Test
    void size_isBounded_forAnyExpiryAndUserCount() {
        IntStream.range(0, 200_000).forEach(i -> add("u" + i, 1 + i * 97L));
        add("forever", Long.MAX_VALUE - NOW - 1);

        assertThat(users.size()).isLessThan(300);
        assertThat(count(NOW)).isBetween(195_000L, 205_000L);
        assertThat(count(NOW + ConnectedUsers.MAX_SECONDS * 2)).isZero();
        assertThat(users.size()).isZero();
    }
}
