import Foundation
import OrreryExperiment
import OrreryFindings
import OrreryLaws
import OrreryNetworks
import OrreryStudies
import OrreryTheory
import Testing

/// Whatever is used has publications, and they are those of one list.
@Suite struct SourceListTests {
  private static let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Sources")

  /// The project's own: a user's name publications of their own, and another test registers one.
  private static let activations = ActivationFunction.names.compactMap { try? ActivationFunction(name: $0) }
    .filter { String(reflecting: type(of: $0.description)).hasPrefix("OrreryNetworks.") }

  private static let methods: [OptimizerMethod] = [
    .gradientDescent(.nesterov(0.9)), .sgd(.heavyBall(0.9)), .sgd(.exponentialMovingAverage(0.9)), .adam(), .adamW(),
    .rmsProp(), .lion(), .muon(OptimizerMethod.Muon(scale: .rootMeanSquare)), .gradientFlow(.init(endTime: 1)),
  ]

  private static let schedules: [LearningRateSchedule.Shape] = [
    .constant, .linear(final: 0), .cosine(final: 0), .warmUpStableDecay(decay: 0.1, final: 0),
    .power(exponent: 1, timeScale: 1), .table([:]),
  ]

  private static let layers: [Layer] = [
    Layer(BatchNorm()), Layer(LayerNorm()), Layer(RootMeanSquareNorm()),
    Layer(SelfAttention(heads: 1, scale: .inverse)),
  ]

  /// Everything that can be cited, by what it belongs to.
  private static var used: [Source] {
    let loss = Loss.meanSquaredError(reduction: .mean, half: true)
    let optimizers =
      methods.map { Optimizer($0, clipping: .global(1), loss: loss) }
      + schedules.map { Optimizer(.sgd(), schedule: LearningRateSchedule($0), loss: loss) }
    var parts = activations.map(\.source) + NamedInitialization.allCases.map(\.source)
    parts += Architecture([Layer(Residual(layers))]).sources + optimizers.flatMap(\.sources)
    parts += DataCatalogue.names.flatMap { DataDescription(.named($0)).sources }
    parts += TrainingObservable.allCases.map {
      Source(key: $0.rawValue, title: $0.title, statement: "", publications: $0.publications)
    }.filter { !$0.publications.isEmpty }
    return Source.theory + parts + LawCatalogue.all.flatMap { $0.statement.sources }
  }

  @Test func everySourceHasPublicationsOfTheList() {
    for source in Self.used {
      #expect(!source.publications.isEmpty, "\(source.key)")
      #expect(!source.key.isEmpty && !source.title.isEmpty && !source.citation.isEmpty)
      for publication in source.publications {
        #expect(Publication.listed(publication.key) == publication.whole, "\(publication.key) of \(source.key)")
      }
    }
  }

  @Test func nothingIsListedThatNobodyUses() {
    let keys = Self.used.flatMap(\.publications).map(\.key)
    #expect(Set(Publication.all.map(\.key)).subtracting(keys).isEmpty)
  }

  /// A law or method that is declared anywhere is in Theory's list, and names its publications.
  @Test func everySourceThatIsDeclaredIsListed() throws {
    let files = try #require(FileManager.default.enumerator(at: Self.sources, includingPropertiesForKeys: nil))
    var keys: [String] = []
    for case let file as URL in files where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: /static let \w+(: Source)? = (Source|\.init)\(\s*key: "([^"]+)"/) {
        keys.append(String(match.3))
      }
    }
    #expect(keys.sorted() == Source.theory.map(\.key).sorted())
    #expect(Set(keys).count == keys.count)
  }

  @Test func lawsAndActivationsUseListedSources() {
    let theory = Set(Source.theory)
    for law in LawCatalogue.all {
      #expect(!law.statement.sources.isEmpty && theory.isSuperset(of: law.statement.sources), "\(law.key)")
    }
    for function in Self.activations {
      #expect(theory.contains(Activation(function).dual.source), "\(function.name)")
    }
    for name in DataCatalogue.names { #expect(!DataDescription(.named(name)).sources.isEmpty, "\(name)") }
  }

  /// The verdict on a network names its law by key.
  @Test func forecastsUseListedSources() throws {
    let studies = [
      SmallStudies.synthetic(), SmallStudies.synthetic(.relu, depth: 3, optimizer: nil),
      SmallStudies.synthetic(
        .gelu, initialization: .named(.he),
        optimizer: Optimizer(
          .gradientDescent(), learningRate: .value(0.1), steps: 10,
          loss: .meanSquaredError(reduction: .mean, half: true))
      ),
    ]
    for study in studies {
      let forecast = try LoadedStudy(study).forecast()
      let keys = forecast.laws.map(\.key)
      #expect(Set(forecast.laws).isSubset(of: Source.theory) && Set(keys).count == keys.count)
      #expect(Set(forecast.predictions.map(\.source)).isSubset(of: forecast.laws))
      for law in forecast.initializations.compactMap(\.trainability?.law) { #expect(keys.contains(law)) }
      #expect(keys.contains("gram-chain"))
    }
  }
}
