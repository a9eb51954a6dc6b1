package org.voco4j.engine.vector;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who attends to whom within windows: a window's tokens fall into groups, and tokens of one group attend to each other.
 *
 * <p>Windows whose tokens fall into the same groups have the same pattern. A token may be padding, which lies outside the map: it is
 * attended to as every other, but what it attends to itself is wanted by nobody.
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
    private final int places;
    private final int[] placeOf;
    private final List<Pattern> patterns;

    private TokenGroups(int windows, int tokens, int places, int[] placeOf, List<Pattern> patterns) {
        this.windows = windows;
        this.tokens = tokens;
        this.places = places;
        this.placeOf = placeOf;
        this.patterns = patterns;
    }

    /**
     * Groups by a number for each token, window by window.
     *
     * @param regions [W, n]; tokens of a window with the same number attend to each other
     * @param places [W, n]; where each token lies in the map of a sample, or less than 0 where it is padding; each of the N places
     *     from 0 on is that of one token
     * @param tokens n
     * @throws IllegalArgumentException if the arrays do not hold whole windows, or the places are others
     */
    public static TokenGroups of(int[] regions, int[] places, int tokens) {
        if (tokens < 1 || regions.length % tokens != 0 || places.length != regions.length) {
            throw new IllegalArgumentException("regions of " + regions.length + " and places of " + places.length
                    + " tokens are not those of windows of " + tokens);
        }
        int[] taken = Arrays.stream(places).filter(place -> place >= 0).sorted().toArray();
        for (int i = 0; i < taken.length; i++) {
            if (taken[i] != i) {
                throw new IllegalArgumentException("the places of " + taken.length
                        + " tokens are not one each, from 0 on: place " + i + " is that of none, or of two");
            }
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
        return new TokenGroups(windows, tokens, taken.length, places.clone(), List.copyOf(patterns));
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

    /** N, tokens of a map: those of all windows without padding. */
    public int places() {
        return places;
    }

    List<Pattern> patterns() {
        return patterns;
    }

    /** Where a token of a window lies in the map; less than 0 for padding. */
    int place(int window, int token) {
        return placeOf[window * tokens + token];
    }
}
