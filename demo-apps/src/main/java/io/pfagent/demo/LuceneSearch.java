package io.pfagent.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;

/**
 * A search index that Lucene maps into memory: term dictionary, postings and stored fields fault
 * where the queries touch them.
 */
public final class LuceneSearch {

  private static final String HELP =
      """
      usage: LuceneSearch [DOCUMENTS] [QUERIES]
      Indexes generated text in the temporary directory, maps the index and searches it.
        DOCUMENTS  how many documents are indexed (default 50000)
        QUERIES    how many queries of two words are run (default 2000)
      """;

  private static final String FIELD = "text";
  private static final int VOCABULARY = 50_000;
  private static final int WORDS_PER_DOCUMENT = 100;
  private static final int HITS_PER_QUERY = 10;

  /**
   * Lucene tells at INFO and WARNING which I/O and vector implementations it picked, and asks for a
   * JVM option for faster vectors, which this demo does not use. Held in a field because the
   * logging system forgets the level of a logger that nobody refers to.
   */
  private static final List<Logger> QUIET_LOGGERS =
      List.of(
          Logger.getLogger("org.apache.lucene.store"),
          Logger.getLogger("org.apache.lucene.internal.vectorization"));

  private LuceneSearch() {}

  /** Runs the demo; {@code --help} lists its arguments. */
  public static void main(String[] args) {
    Launcher.launch(HELP, LuceneSearch::run, args);
  }

  static void run(Arguments arguments, PrintStream out) throws DemoException, IOException {
    int documents = arguments.count("DOCUMENTS", 50_000);
    int queries = arguments.count("QUERIES", 2_000);
    arguments.end();

    keepQuiet();
    Path path = Files.createTempDirectory("pfagent-demo-");
    try (Directory directory = new MMapDirectory(path)) {
      index(directory, documents);
      out.printf(
          "LuceneSearch: %d documents, %d queries, checksum of hits %x%n",
          documents, queries, search(directory, queries));
    } finally {
      delete(path);
    }
  }

  /**
   * Lucene maps through {@code java.lang.foreign} on JDK 21 and later and calls {@code madvise},
   * which needs native access; it unmaps other mappings through {@code sun.misc.Unsafe}. Where the
   * JDK would warn about either, Lucene's own properties choose the quiet way: mapped buffers, left
   * to the collector. They are read when MMapDirectory is first used.
   */
  private static void keepQuiet() {
    QUIET_LOGGERS.forEach(logger -> logger.setLevel(Level.SEVERE));
    if (!JvmOptions.allowNativeAccess()) {
      System.setProperty(MMapDirectory.ENABLE_MEMORY_SEGMENTS_SYSPROP, "false");
    }
    if (!JvmOptions.allowUnsafe()) {
      System.setProperty(MMapDirectory.ENABLE_UNMAP_HACK_SYSPROP, "false");
    }
  }

  private static void index(Directory directory, int documents) throws IOException {
    SplittableRandom random = new SplittableRandom(documents);
    // One thread writes and merges: the same segments in every run.
    IndexWriterConfig config =
        new IndexWriterConfig(new StandardAnalyzer()).setMergeScheduler(new SerialMergeScheduler());
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      for (int i = 0; i < documents; i++) {
        Document document = new Document();
        document.add(new TextField(FIELD, text(random), Store.YES));
        writer.addDocument(document);
      }
    }
  }

  private static long search(Directory directory, int queries) throws IOException {
    SplittableRandom random = new SplittableRandom(queries);
    long sum = 0;
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      IndexSearcher searcher = new IndexSearcher(reader);
      for (int i = 0; i < queries; i++) {
        sum = 31 * sum + readHits(searcher, eitherOf(word(random), word(random)));
      }
    }
    return sum;
  }

  /** Reads the stored text of the best hits, as an application that shows them does. */
  private static long readHits(IndexSearcher searcher, Query query) throws IOException {
    StoredFields stored = searcher.storedFields();
    long sum = 0;
    for (ScoreDoc hit : searcher.search(query, HITS_PER_QUERY).scoreDocs) {
      sum = 31 * sum + hit.doc + stored.document(hit.doc).get(FIELD).hashCode();
    }
    return sum;
  }

  private static Query eitherOf(String first, String second) {
    return new BooleanQuery.Builder()
        .add(new TermQuery(new Term(FIELD, first)), Occur.SHOULD)
        .add(new TermQuery(new Term(FIELD, second)), Occur.SHOULD)
        .build();
  }

  private static String text(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < WORDS_PER_DOCUMENT; i++) {
      text.append(word(random)).append(' ');
    }
    return text.toString();
  }

  /**
   * A word whose frequency falls with its rank as 1/rank (Zipf's law). StrictMath, because the last
   * bit of Math.exp may differ between the interpreter and the compilers.
   */
  private static String word(SplittableRandom random) {
    double rank = StrictMath.exp(random.nextDouble() * StrictMath.log(VOCABULARY));
    return "w" + (int) rank;
  }

  private static void delete(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
