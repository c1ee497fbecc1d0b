// swift-tools-version: 6.1
import PackageDescription

/// Orrery's benchmarks: a package of their own, so that nobody who depends on Orrery builds them.
let package = Package(
  name: "orrery-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "orrery", path: "..")],
  targets: [
    .executableTarget(
      name: "OrreryBenchmarks",
      dependencies: ["Tensors", "Analysis", "Formats", "Networks", "Theory", "Experiment"].map {
        .product(name: "Orrery" + $0, package: "orrery")
      },
      path: "Sources/OrreryBenchmarks",
      swiftSettings: [.enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility")])
  ],
  swiftLanguageModes: [.v6]
)
