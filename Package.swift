// swift-tools-version: 6.1
import PackageDescription

/// Orrery's modules: two wings (Theory, Experiment) over a common floor, under one roof.
/// Every library target is also a product, so that a user can depend on the part that is needed.
/// `ORRERY_BASELINE=1` in the environment leaves out the AVX2 and AVX-512 copies of the vector kernels.
let baselineOnly = Context.environment["ORRERY_BASELINE"] == "1"

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A library target named `Orrery<name>` at `Sources/<name>`; its tests at `Tests/<name>`.
func module(
  _ name: String, _ modules: [String] = [], others: [Target.Dependency] = [], resources: [Resource] = []
) -> Target {
  .target(
    name: "Orrery" + name, dependencies: modules.map { .target(name: "Orrery" + $0) } + others,
    path: "Sources/" + name, resources: resources, swiftSettings: swiftSettings)
}

func tests(_ name: String, _ modules: [String], others: [Target.Dependency] = [], resources: [Resource] = []) -> Target
{
  .testTarget(
    name: "Orrery" + name + "Tests",
    dependencies: (["TestSupport"] + modules).map { .target(name: "Orrery" + $0) } + others,
    path: "Tests/" + name, resources: resources, swiftSettings: swiftSettings)
}

let libraries = [
  "Tensors", "Analysis", "Formats", "Networks", "Findings", "Specification", "Theory", "Experiment", "Archive",
  "Studies", "Reports", "Laws",
]

let package = Package(
  name: "orrery",
  platforms: [.macOS(.v15)],
  products: libraries.map { .library(name: "Orrery" + $0, targets: ["Orrery" + $0]) } + [
    .library(name: "Orrery", targets: ["Orrery"]),
    .executable(name: "orrery", targets: ["OrreryCommand"]),
    // For the benchmarks, which run every kernel on every path.
    .library(name: "CElementwise", targets: ["CElementwise"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
  ],
  targets: [
    // Foundations
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CMessageDigest", pkgConfig: "libmd", providers: [.apt(["libmd-dev"]), .brew(["libmd"])]),
    .target(
      name: "CElementwise", cSettings: baselineOnly ? [.define("ORRERY_BASELINE_ONLY")] : []),
    // Ground
    module("Tensors", others: ["COpenBLAS", "CElementwise"]),
    module("Analysis", ["Tensors"]),
    module("Formats", ["Tensors"], others: ["CZlib", "CMessageDigest"]),
    // Common floor
    module("Findings", ["Tensors", "Analysis", "Formats"]),
    module(
      "Networks", ["Tensors", "Analysis", "Formats", "Findings"],
      resources: [.embedInCode("Data/Shipped/digits.csv.gz")]),
    module("Specification", ["Networks"], others: [.product(name: "Yams", package: "Yams")]),
    // Wings
    module("Theory", ["Tensors", "Analysis", "Networks", "Findings"], others: ["CElementwise"]),
    module("Experiment", ["Tensors", "Analysis", "Formats", "Networks", "Findings"], others: ["CElementwise"]),
    module(
      "Archive", ["Tensors", "Formats", "Findings"], others: [.product(name: "GRDB", package: "GRDB.swift")]),
    // Roof
    module(
      "Studies",
      ["Tensors", "Analysis", "Formats", "Networks", "Findings", "Theory", "Experiment", "Archive", "Reports"]),
    module("Reports", ["Formats", "Findings"]),
    module(
      "Laws", ["Tensors", "Analysis", "Networks", "Findings", "Theory", "Experiment", "Reports"]),
    .target(
      name: "Orrery", dependencies: libraries.map { .target(name: "Orrery" + $0) }, path: "Sources/Orrery",
      swiftSettings: swiftSettings),
    // Face
    .executableTarget(
      name: "OrreryCommand",
      dependencies: libraries.map { .target(name: "Orrery" + $0) } + [
        .product(name: "ArgumentParser", package: "swift-argument-parser")
      ],
      path: "Sources/OrreryCommand", swiftSettings: swiftSettings),
    // Tests
    .target(
      name: "OrreryTestSupport", dependencies: ["OrreryTensors", "OrreryAnalysis", "OrreryNetworks"],
      path: "Tests/TestSupport", resources: [.copy("Fixtures")], swiftSettings: swiftSettings),
    tests("Tensors", ["Tensors"], others: ["CElementwise"]),
    tests("Analysis", ["Tensors", "Analysis"]),
    tests("Formats", ["Tensors", "Formats"], resources: [.copy("Fixtures")]),
    tests("Networks", ["Tensors", "Analysis", "Formats", "Findings", "Networks"]),
    tests("Findings", ["Tensors", "Analysis", "Formats", "Findings"]),
    tests("Specification", ["Networks", "Specification"]),
    tests("Theory", ["Tensors", "Analysis", "Networks", "Findings", "Theory"], others: ["CElementwise"]),
    // Counts the test program's allocations.
    .target(name: "OrreryAllocationCounter", path: "Tests/AllocationCounter"),
    tests(
      "Experiment", ["Tensors", "Analysis", "Formats", "Networks", "Findings", "Experiment"],
      others: ["OrreryAllocationCounter"]),
    // Writes into an archive until it is killed, for the tests of what is left then.
    .executableTarget(
      name: "OrreryArchiveWriter", dependencies: ["OrreryTensors", "OrreryFormats", "OrreryFindings", "OrreryArchive"],
      path: "Tests/ArchiveWriter", swiftSettings: swiftSettings),
    tests(
      "Archive", ["Tensors", "Formats", "Findings", "Archive"],
      others: ["OrreryArchiveWriter", .product(name: "GRDB", package: "GRDB.swift")]),
    tests("Studies", libraries),
    tests("Reports", ["Formats", "Findings", "Reports"]),
    tests("Laws", ["Tensors", "Analysis", "Networks", "Findings", "Theory", "Experiment", "Reports", "Laws"]),
    tests("Command", libraries, others: ["OrreryCommand"]),
  ],
  swiftLanguageModes: [.v6]
)
