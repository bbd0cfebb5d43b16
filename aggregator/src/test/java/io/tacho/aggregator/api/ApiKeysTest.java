// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ApiKeysTest {

    private static ApiKeys keys(String admin, String... readers) {
        return new ApiKeys(
                admin == null ? null : new ApiSecret(admin),
                Arrays.stream(readers).map(ApiSecret::new).toList());
    }

    @Test
    void isOpen_withoutAnyKey() {
        assertThat(ApiKeys.NONE.isOpen()).isTrue();
        assertThat(keys("a").isOpen()).isFalse();
        assertThat(keys(null, "r").isOpen()).isFalse();
    }

    @Test
    void changesSince_describesNewAndRemovedKeys() {
        assertThat(keys("s3cret", "one", "two").changesSince(keys("s3cret", "two", "one")))
                .isEmpty();
        assertThat(keys("s3cret").changesSince(keys("before"))).isEqualTo("another api-secret");
        assertThat(keys("s3cret").changesSince(ApiKeys.NONE)).isEqualTo("another api-secret");
        assertThat(keys(null, "r").changesSince(keys("before", "r"))).isEqualTo("no api-secret any more");
        assertThat(keys("other", "one", "three").changesSince(keys("before", "one", "two")))
                .isEqualTo("another api-secret; read keys: 1 new, 1 gone, 2 in force");
    }
}
