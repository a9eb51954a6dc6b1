package org.voco4j.pretext;

import java.util.List;
import java.util.Map;
import org.voco4j.measure.Verdict;

/**
 * What a gate found.
 *
 * @param verdict in one word
 * @param finding in a sentence or two, with the numbers
 * @param causes why it may not have learned and what to try, the likeliest first; empty if it learned
 * @param numbers all measured numbers by name, in the order worth reading
 */
public record GateReport(Verdict verdict, String finding, List<String> causes, Map<String, Double> numbers) {}
