// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import io.tacho.aggregator.alert.rule.Condition;
import io.tacho.aggregator.alert.rule.Rule;
import io.tacho.aggregator.view.ViewStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One evaluator for each of several rules.
 *
 * <p>Thread safety: confined to one thread.
 *
 * @param byRule in the order of the file
 */
public record RuleEvaluators(Map<Rule, RuleEvaluator> byRule) {

    /** No evaluators. */
    public static final RuleEvaluators NONE = new RuleEvaluators(Map.of());

    /** Returns the evaluators for other rules about nodes and the cluster; unchanged rules keep their evaluators and state. */
    public RuleEvaluators withRules(List<Rule> rules) {
        Map<Rule, RuleEvaluator> next = new LinkedHashMap<>();
        for (Rule rule : rules) {
            if (!(rule.condition() instanceof Condition.StaleAggregator)) {
                RuleEvaluator known = byRule.get(rule);
                next.put(rule, known == null ? RuleEvaluator.forRule(rule) : known);
            }
        }
        return new RuleEvaluators(next);
    }

    /** Creates the evaluators for those rules that are about the aggregator itself. */
    public static RuleEvaluators aboutThisAggregator(List<Rule> rules, ViewStatus status, String aggregator) {
        Map<Rule, RuleEvaluator> evaluators = new LinkedHashMap<>();
        for (Rule rule : rules) {
            if (rule.condition() instanceof Condition.StaleAggregator stale) {
                evaluators.put(rule, new StaleAggregatorEvaluator(stale, status, aggregator));
            }
        }
        return new RuleEvaluators(evaluators);
    }

    /** Evaluates all rules. */
    public void evaluate(EvaluationContext context) {
        byRule.values().forEach(evaluator -> evaluator.evaluate(context));
    }
}
