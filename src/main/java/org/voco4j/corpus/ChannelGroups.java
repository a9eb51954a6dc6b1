package org.voco4j.corpus;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.voco4j.corpus.list.FindingWords;
import org.voco4j.volume.format.Formats;

/** nnU-Net's files of one scan: {@code NAME_0000}, {@code NAME_0001}, … are its channels. */
final class ChannelGroups {
    private static final Pattern CHANNEL = Pattern.compile("(.+)_(\\d{4})");

    private static final Pattern IN_NAME = Pattern.compile("(.+)_\\d{4}(\\.[^_]+)");

    private final int channels;
    private final Map<String, Map<Integer, List<Path>>> groups = new TreeMap<>();

    ChannelGroups(int channels) {
        this.channels = channels;
    }

    /** What a file's scan is called: the name without folder, ending and channel. */
    static String scanName(String plain) {
        String scan = scan(plain);
        return scan.substring(scan.lastIndexOf('/') + 1);
    }

    /** What a file's scan is known by: its path without ending and channel. */
    static String scan(String plain) {
        Matcher channel = CHANNEL.matcher(PairNames.plain(plain));
        return channel.matches() ? channel.group(1) : PairNames.plain(plain);
    }

    /** The files of all channels of a scan, of which one is named; the file alone if its name has no channel number. */
    static List<Path> beside(Path file, int channels) {
        Matcher channel = IN_NAME.matcher(String.valueOf(file.getFileName()));
        if (!channel.matches()) {
            return List.of(file);
        }
        List<Path> files = new ArrayList<>();
        for (int c = 0; c < channels; c++) {
            files.add(file.resolveSibling(channel.group(1) + "_" + suffix(c) + channel.group(2)));
        }
        return files;
    }

    /** What the channels of a scan are called whose own name is that of a file that need not exist. */
    static List<Path> numbered(Path scan, int channels) {
        String name = scan.getFileName().toString();
        int ending = Formats.plain(Path.of(name)).length();
        List<Path> files = new ArrayList<>();
        for (int c = 0; c < channels; c++) {
            files.add(scan.resolveSibling(name.substring(0, ending) + "_" + suffix(c) + name.substring(ending)));
        }
        return files;
    }

    /** Takes a file under its path without ending; false if the name has no channel number. */
    boolean add(String plain, Path file) {
        Matcher channel = CHANNEL.matcher(plain);
        if (!channel.matches()) {
            return false;
        }
        groups.computeIfAbsent(scan(plain), g -> new TreeMap<>())
                .computeIfAbsent(Integer.valueOf(channel.group(2)), c -> new ArrayList<>())
                .add(file);
        return true;
    }

    /** Hands on the scans that are whole; what lacks a channel is a finding, as is a channel too many or in two files. */
    void close(List<Finding> findings, List<ImageFiles> scans) {
        for (Map<Integer, List<Path>> group : groups.values()) {
            List<Path> files = new ArrayList<>();
            boolean twice = false;
            for (int c = 0; c < channels && group.containsKey(c); c++) {
                List<Path> found = group.remove(c);
                files.add(found.get(0));
                if (found.size() > 1) {
                    twice = true;
                    findings.add(Finding.several(found, "channel _" + suffix(c) + " of one scan"));
                }
            }
            List<Path> others = group.values().stream().flatMap(List::stream).toList();
            String found = files.size() + others.size() + ": "
                    + FindingWords.names(
                            Stream.concat(files.stream(), others.stream()).toList());
            if (files.size() == channels) {
                String message =
                        "left out: dataset.json names " + channels + " channels, up to _" + suffix(channels - 1);
                others.forEach(file -> findings.add(new Finding(file, Finding.Kind.FURTHER_CHANNEL, message, found)));
                if (!twice) {
                    scans.add(new ImageFiles(files, channels));
                }
            } else {
                String message = "left out: of the " + channels + " channels of this scan _" + suffix(files.size())
                        + " is missing";
                Path any = files.isEmpty() ? others.get(0) : files.get(0);
                findings.add(new Finding(any, Finding.Kind.MISSING_CHANNEL, message, found));
            }
        }
    }

    private static String suffix(int channel) {
        return "%04d".formatted(channel);
    }
}
