@echo off
rem Starts voco on Windows; see the file voco for what the variables mean. Builds first where it was never built or its
rem sources changed since; progress goes to standard error.
setlocal EnableExtensions DisableDelayedExpansion
set "HOME_DIR=%~dp0"
set "HOME_DIR=%HOME_DIR:~0,-1%"
set "TARGET=%HOME_DIR%\target\launcher"
set "STAMP=%TARGET%\stamp"

if /i not "%PROCESSOR_ARCHITECTURE%"=="AMD64" if /i not "%PROCESSOR_ARCHITEW6432%"=="AMD64" (
  >&2 echo voco: there is no native library for Windows %PROCESSOR_ARCHITECTURE%; Linux x86_64, macOS and Windows x86_64 are supported
  exit /b 1
)

rem Java: JAVA_HOME or the PATH.
if defined JAVA_HOME (
  set "JAVA=%JAVA_HOME%\bin\java.exe"
) else (
  set "JAVA="
  for %%j in (java.exe) do set "JAVA=%%~$PATH:j"
)
if not defined JAVA goto :nojava
if not exist "%JAVA%" goto :nojava
set "RELEASE=0"
set "VERSION="
for /f "tokens=3" %%v in ('""%JAVA%" -version 2^>^&1" ^| findstr /i "version"') do if not defined VERSION set "VERSION=%%~v"
for /f "tokens=1 delims=.-+" %%m in ("%VERSION%") do set "RELEASE=%%m"
if %RELEASE% LSS 17 (
  >&2 echo voco: %JAVA% is Java %VERSION%, but voco needs 17 or newer; set JAVA_HOME to a newer JDK
  exit /b 1
)

call :fresh
if not errorlevel 1 goto :start

if not exist "%TARGET%" mkdir "%TARGET%" 2>nul
set /a WAITED=0
:lock
mkdir "%TARGET%\lock" 2>nul && goto :locked
if %WAITED%==0 >&2 echo voco: another start is building, waiting for it; if there is none, remove %TARGET%\lock
set /a WAITED+=1
if %WAITED% GEQ 1800 exit /b 1
ping -n 2 127.0.0.1 >nul
goto :lock
:locked
call :fresh
if not errorlevel 1 (
  rmdir "%TARGET%\lock"
  goto :start
)
>&2 echo voco: building (libraries of over 100 MB are fetched unless they are there)
type nul >"%TARGET%\began"
pushd "%HOME_DIR%"
call mvnw.cmd -B -ntp -Dmaven.test.skip=true -Dvoco.target=target/launcher -Djavac.checks=-nowarn %ARGS% package >"%TARGET%\log" 2>&1
set "RESULT=%ERRORLEVEL%"
popd
if not "%RESULT%"=="0" (
  findstr /b /c:"[ERROR]" "%TARGET%\log" >&2
  rmdir "%TARGET%\lock"
  >&2 echo voco: the build failed; all of its output is in %TARGET%\log
  exit /b 1
)
rem A copy under a name of its own: Windows does not let a later build replace a jar that a run has open.
set "JAR=voco-run.%RANDOM%%RANDOM%.jar"
for /f "delims=" %%f in ('dir /b /o-d "%TARGET%\voco4j-*.jar"') do (
  copy /y "%TARGET%\%%f" "%TARGET%\%JAR%" >nul
  goto :packed
)
:packed
>"%STAMP%.new" echo %JAR%
>>"%STAMP%.new" echo.%ARGS%
powershell -NoProfile -Command "(Get-Item -LiteralPath '%STAMP%.new').LastWriteTimeUtc = (Get-Item -LiteralPath '%TARGET%\began').LastWriteTimeUtc"
move /y "%STAMP%.new" "%STAMP%" >nul
rmdir "%TARGET%\lock"

:start
if not defined OPENBLAS_NUM_THREADS set "OPENBLAS_NUM_THREADS=1"
rem Java's Vector API for the commands that compute with networks, where this Java has it; the file voco says why.
set "VECTORS="
for %%c in (quickstart pretrain locate plan finetune predict study benchmark info) do if "%~1"=="%%c" set "VECTORS=--add-modules jdk.incubator.vector"
if defined VECTORS "%JAVA%" %VECTORS% -version >nul 2>&1 || set "VECTORS="
"%JAVA%" --enable-native-access=ALL-UNNAMED %VECTORS% -Djava.awt.headless=true -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 %VOCO_JAVA_OPTS% -cp "%TARGET%\%JAR%" org.voco4j.app.Main %*
exit /b %ERRORLEVEL%

rem Sets JAR and ARGS from the stamp; errorlevel 0 if what is built is newer than every source and built as asked.
:fresh
set "JAR="
set "BUILT="
if exist "%STAMP%" (
  <"%STAMP%" (
    set /p JAR=
    set /p BUILT=
  )
)
set "ARGS=%BUILT%"
if defined VOCO_MAVEN_ARGS set "ARGS=%VOCO_MAVEN_ARGS%"
if not defined JAR exit /b 1
if not exist "%TARGET%\%JAR%" exit /b 1
if not "%ARGS%"=="%BUILT%" exit /b 1
powershell -NoProfile -Command "$b = (Get-Item -LiteralPath '%STAMP%').LastWriteTimeUtc; $s = @(Get-ChildItem -LiteralPath '%HOME_DIR%\src\main','%HOME_DIR%\recipes' -Recurse) + @(Get-Item -LiteralPath '%HOME_DIR%\pom.xml'); if ($s | Where-Object { $_.LastWriteTimeUtc -gt $b } | Select-Object -First 1) { exit 1 } else { exit 0 }"
exit /b %ERRORLEVEL%

:nojava
>&2 echo voco: no Java found; install a JDK 17 or newer, or set JAVA_HOME to one
exit /b 1
