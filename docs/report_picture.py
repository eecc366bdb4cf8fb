"""Draws docs/report.png from a run of the demo: `python docs/report_picture.py`. It needs Chromium and its driver.

Shows the record with the one-time password, before and after decryption, and how the page tells of one of its bytes.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from selenium import webdriver

HERE = Path(__file__).parent
WIDTH, HEIGHT = 1280, 800
SHOW = """
const record = [...document.querySelectorAll('.sent')].find((sent) => sent.innerText.includes('the OTP, encrypted'));
location.hash = `${record.id}a.12`;
"""  # byte 12 of what the record decrypts to
PLACE = "document.querySelector('.picked').closest('.sent').scrollIntoView({block: 'start'}); scrollBy(0, 10)"


def main() -> None:
    """Run the demo, insecurely repeatable, and photograph its page."""
    with tempfile.TemporaryDirectory() as directory:
        page = Path(directory) / "page.html"
        command = [sys.executable, "-m", "demo", "--seed", "1", "--report", str(page)]
        subprocess.run(command, cwd=HERE.parent, stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - our own program
        options = webdriver.ChromeOptions()
        for switch in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"):
            options.add_argument(switch)
        options.add_argument(f"--user-data-dir={directory}/browser")
        driver = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))
        try:
            size = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
            driver.get(page.as_uri())
            driver.execute_script(SHOW)
            time.sleep(1)  # until it is drawn
            driver.execute_script(PLACE)
            time.sleep(1)
            driver.save_screenshot(str(HERE / "report.png"))
        finally:
            driver.quit()


if __name__ == "__main__":
    main()
