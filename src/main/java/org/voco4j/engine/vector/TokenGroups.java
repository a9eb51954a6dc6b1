package org.voco4j.engine.vector;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who attends to whom within windows: a window's tokens fall into groups, and tokens of one group attend to each other.
 *
 * <p>Windows whose tokens fall into the same groups have the same pattern. A token may be padding: it is attended to as every
 * other, but what it attends to itself is wanted by nobody.
 */
public final class TokenGroups {

    /**
     * Windows alike.
     *
     * @param groups the tokens of each group, ascending
     * @param windows the numbers of the windows, ascending
     */
    record Pattern(int[][] groups, int[] windows) {}

    private final int windows;
    private final int tokens;
    private final boolean[] padding;
    private final List<Pattern> patterns;

    private TokenGroups(int windows, int tokens, boolean[] padding, List<Pattern> patterns) {
        this.windows = windows;
        this.tokens = tokens;
        this.padding = padding;
        this.patterns = patterns;
    }

    /**
     * Groups by a number for each token, window by window.
     *
     * @param regions [W, n]; tokens of a window with the same number attend to each other
     * @param padding [W, n]; where a token is padding, its own row is 0 and has no gradient
     * @param tokens n
     * @throws IllegalArgumentException if the arrays do not hold whole windows
     */
    public static TokenGroups of(int[] regions, boolean[] padding, int tokens) {
        if (tokens < 1 || regions.length % tokens != 0 || padding.length != regions.length) {
            throw new IllegalArgumentException("regions of " + regions.length + " and paddings of " + padding.length
                    + " tokens are not those of windows of " + tokens);
        }
        int windows = regions.length / tokens;
        Map<IntBuffer, List<Integer>> alike = new LinkedHashMap<>(); // buffers are equal where their content is
        for (int w = 0; w < windows; w++) {
            IntBuffer key = IntBuffer.wrap(numbered(regions, w * tokens, tokens));
            alike.computeIfAbsent(key, first -> new ArrayList<>()).add(w);
        }
        List<Pattern> patterns = new ArrayList<>();
        alike.forEach((numbers, members) -> patterns.add(new Pattern(
                groups(numbers.array()),
                members.stream().mapToInt(Integer::intValue).toArray())));
        return new TokenGroups(windows, tokens, padding.clone(), List.copyOf(patterns));
    }

    /** The regions of a window numbered in the order in which they appear. */
    private static int[] numbered(int[] regions, int from, int tokens) {
        Map<Integer, Integer> numbers = new LinkedHashMap<>();
        int[] window = new int[tokens];
        for (int i = 0; i < tokens; i++) {
            Integer next = numbers.size();
            Integer known = numbers.putIfAbsent(regions[from + i], next);
            window[i] = known == null ? next : known;
        }
        return window;
    }

    private static int[][] groups(int[] numbers) {
        List<List<Integer>> groups = new ArrayList<>();
        for (int token = 0; token < numbers.length; token++) {
            if (numbers[token] == groups.size()) {
                groups.add(new ArrayList<>());
            }
            groups.get(numbers[token]).add(token);
        }
        return groups.stream()
                .map(group -> group.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
    }

    /** W, the number of windows. */
    public int windows() {
        return windows;
    }

    /** n, tokens of a window. */
    public int tokens() {
        return tokens;
    }

    List<Pattern> patterns() {
        return patterns;
    }

    boolean isPadding(int window, int token) {
        return padding[window * tokens + token];
    }
}
