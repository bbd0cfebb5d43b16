// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.alert.rule.Condition;
import io.tacho.aggregator.alert.rule.Rule;
import io.tacho.store.alerts.AlertStoreUpdate;
import io.tacho.text.Glob;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AlertChangeSetTest {

    private static final Rule RULE = new Rule("rule", new Condition.LostNode(Glob.ANY), Rule.DEFAULT_SEVERITY);

    private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
    private static final Alert A = alert("a");
    private static final Alert B = alert("b");

    private final AlertChangeSet changes = new AlertChangeSet(Map.of(A.key(), A));

    private static Alert alert(String uid) {
        return Alert.firing("id-" + uid, RULE, new Violation(uid, uid, 0, uid + ": lost"), START);
    }

    @Test
    void update_withoutChanges_isEmpty() {
        assertThat(changes.toStoreUpdate(false, List.of()).isEmpty()).isTrue();
    }

    @Test
    void update_containsOnlyChangedAlerts() {
        changes.put(B);

        assertThat(changes.toStoreUpdate(false, List.of()))
                .isEqualTo(new AlertStoreUpdate(false, Map.of("rule/b", StoredAlertJson.toJson(B)), Set.of()));
    }

    @Test
    void replacement_containsAllAlerts() {
        changes.put(B);

        assertThat(changes.toStoreUpdate(true, List.of()).put()).containsOnlyKeys("rule/a", "rule/b");
    }

    @Test
    void removedAlert_isRemovedFromTheStore() {
        changes.put(B);
        changes.remove(B);
        changes.remove(A);

        assertThat(changes.toStoreUpdate(false, List.of()))
                .isEqualTo(new AlertStoreUpdate(false, Map.of(), Set.of("rule/a", "rule/b")));
        assertThat(changes.alertsByKey()).isEmpty();
    }

    @Test
    void notifiedFiringAlert_isMarked() {
        changes.markNotified(A);

        assertThat(changes.allAlerts()).containsExactly(A.asNotified());
    }

    @Test
    void notifiedResolvedAlert_isRemoved() {
        changes.markNotified(A.asResolved(START, "the node is back"));

        assertThat(changes.allAlerts()).isEmpty();
    }
}
