package org.voco4j.run;

/**
 * What a run found on scans that it does not train on.
 *
 * @param step steps done
 * @param kind what looked, such as gate or validation
 * @param finding in a sentence, with the numbers
 */
public record Look(int step, String kind, String finding) {}
