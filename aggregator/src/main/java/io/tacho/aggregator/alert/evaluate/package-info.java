// SPDX-License-Identifier: Apache-2.0
/**
 * Rule evaluation and the state of alerts.
 *
 * <p>Data flow: cluster view → {@link io.tacho.aggregator.alert.evaluate.EvaluationContext} → one {@link
 * io.tacho.aggregator.alert.evaluate.RuleEvaluator} per rule → {@link io.tacho.aggregator.alert.evaluate.Violation}s → {@link
 * io.tacho.aggregator.alert.evaluate.AlertReconciler} → {@link io.tacho.aggregator.alert.evaluate.PendingAlerts} → {@link
 * io.tacho.aggregator.alert.evaluate.AlertStoreClient} → alert store.
 *
 * <p>Terms:
 *
 * <ul>
 *   <li>Beat: the heartbeat that a node publishes, with its metrics.
 *   <li>Window: the metrics interval that a beat reports on; several beats repeat the same window.
 *   <li>Lost: a node that stopped sending beats without announcing its departure, and was removed from the view.
 *   <li>Left: a node that announced its departure and was removed from the view.
 *   <li>Stale: an aggregator whose view may have missed changes, because it does not receive from Redis.
 *   <li>Leader: the aggregator that holds the lease of the alert store; only the leader changes the shared alerts.
 * </ul>
 *
 * <p>Every aggregator evaluates all rules. Only the leader changes the shared alerts. The package {@code notify} calls this package once
 * a second.
 */
@NullMarked
package io.tacho.aggregator.alert.evaluate;

import org.jspecify.annotations.NullMarked;
