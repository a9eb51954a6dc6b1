package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.voco4j.corpus.list.Decathlon;
import org.voco4j.corpus.list.ScanList;
import org.voco4j.volume.format.Formats;

/** nnU-Net's files of one scan: {@code NAME_0000}, {@code NAME_0001}, … are its channels. */
public final class ChannelGroups {
    private static final Pattern CHANNEL = Pattern.compile("(.+)_(\\d{4})");

    private static final Pattern IN_NAME = Pattern.compile("(.+)_\\d{4}(\\.[^_]+)");

    private final int channels;
    private final Map<String, Map<Integer, List<Path>>> groups = new TreeMap<>();

    ChannelGroups(int channels) {
        this.channels = channels;
    }

    /** How many channels the {@code dataset.json} of a folder names; 1 if there is none. */
    public static int named(Path folder) throws IOException {
        Path about = folder.resolve("dataset.json");
        return Files.exists(about) ? Decathlon.channels(ScanList.json(about)) : 1;
    }

    /** What a file's scan is called: the name without folder, ending and channel. */
    static String scanName(String plain) {
        String scan = scan(plain);
        return scan.substring(scan.lastIndexOf('/') + 1);
    }

    /** What a file's scan is known by: its path without ending and channel. */
    public static String scan(String plain) {
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

    /** Receives a scan. */
    @FunctionalInterface
    interface Sink {
        /** A scan all of whose channels are there. */
        void accept(String plain, ImageFiles images) throws IOException;
    }

    /** Hands on the scans that are whole; what lacks a channel is a finding, as is a channel too many or in two files. */
    void close(CaseCollector intake, Sink sink) throws IOException {
        for (Map.Entry<String, Map<Integer, List<Path>>> group : groups.entrySet()) {
            List<Path> files = new ArrayList<>();
            boolean twice = false;
            for (int c = 0; c < channels && group.getValue().containsKey(c); c++) {
                List<Path> found = group.getValue().remove(c);
                files.add(found.get(0));
                twice |= intake.isSeveral(found, "channel _" + suffix(c) + " of one scan");
            }
            if (files.size() == channels) {
                group.getValue().values().stream()
                        .flatMap(List::stream)
                        .forEach(file -> intake.find(
                                file,
                                Finding.Kind.NOTE,
                                "left out: dataset.json names " + channels + " channels, up to _"
                                        + suffix(channels - 1)));
                if (!twice) {
                    sink.accept(group.getKey(), new ImageFiles(files, channels));
                }
            } else {
                Path any = files.isEmpty()
                        ? group.getValue().values().iterator().next().get(0)
                        : files.get(0);
                String message = "left out: of the " + channels + " channels of this scan _" + suffix(files.size())
                        + " is missing";
                intake.find(any, Finding.Kind.UNREADABLE, message);
            }
        }
    }

    private static String suffix(int channel) {
        return "%04d".formatted(channel);
    }
}
